"""sampan system: one verb a file."""
