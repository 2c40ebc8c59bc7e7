"""What Docker refuses and warns about when a container is made or changed. Pure, its words."""
