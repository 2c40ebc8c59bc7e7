"""Words of Docker's Engine API; pure data."""
