"""sampan container: one verb a file."""
