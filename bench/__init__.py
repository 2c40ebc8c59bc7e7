"""Benchmarks beside dockerd: same client, same work, A B A B, median ratio. Never tests."""
