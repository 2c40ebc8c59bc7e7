"""Route tables and their thin handlers, one file per group of resources."""
