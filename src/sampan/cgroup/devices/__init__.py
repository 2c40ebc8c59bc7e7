"""Device rules: what they mean, and how v2 enforces them through a BPF program."""
