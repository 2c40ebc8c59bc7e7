"""Verbs on execs, one per file."""
