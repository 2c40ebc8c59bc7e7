"""Ground that every room stands on: ids, clocks, paths, small file tools. Knows no other room."""
