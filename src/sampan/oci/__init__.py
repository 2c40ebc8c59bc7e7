"""Words of the OCI specifications; pure data."""
