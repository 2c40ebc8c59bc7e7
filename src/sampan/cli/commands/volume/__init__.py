"""sampan volume: one verb a file."""
