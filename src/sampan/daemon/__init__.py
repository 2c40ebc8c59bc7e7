"""sampand: configuration, listeners, wiring, life cycle."""
