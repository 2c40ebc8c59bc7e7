"""A container's root directory: what to mount (pure) and the mounting of it."""
