"""Tar archives: reading, writing, and layers made of them. Every archive is taken for hostile."""
