"""sampan network: one verb a file."""
