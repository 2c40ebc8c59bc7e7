"""The json-file driver: one JSON object per line, the format of Docker's own log files."""
