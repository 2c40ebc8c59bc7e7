"""Profiles and tables of what a container may do, and their compilation. Data and pure code."""
