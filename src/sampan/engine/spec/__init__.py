"""From wishes to an OCI config.json. Pure: decides, does nothing."""
