"""Containers from OCI bundles without a monitor: state on disk, create, start, exec, hooks."""
