"""Log drivers of containers and reading them back."""
