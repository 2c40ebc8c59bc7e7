"""The command line: commands/<noun>/<verb>.py."""
