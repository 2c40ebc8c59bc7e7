"""Sampan: a container platform behind Docker's Engine API."""
