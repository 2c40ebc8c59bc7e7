"""Content store, layer store, snapshot drivers, tar in and out."""
