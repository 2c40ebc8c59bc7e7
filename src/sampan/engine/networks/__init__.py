"""Verbs on networks, one per file."""
