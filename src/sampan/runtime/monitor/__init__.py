"""The process that stands by one container: its streams, its log, its end."""
