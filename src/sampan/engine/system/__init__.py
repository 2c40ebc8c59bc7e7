"""Verbs on the engine itself, one per file."""
