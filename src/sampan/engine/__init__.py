"""What Docker does, without HTTP: one verb per file."""
