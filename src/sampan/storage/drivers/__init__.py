"""Snapshot drivers, one per file, all of the shape of sampan.storage.driver."""
