"""A container's file tree from outside: reading it, writing into it, as archives."""
