"""The local driver: compact binary records of our own, compressed when rotated."""
