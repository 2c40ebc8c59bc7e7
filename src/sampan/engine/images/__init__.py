"""Verbs on images, one per file."""
