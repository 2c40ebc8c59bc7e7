"""The daemon's side of launcher, monitors and running containers."""
