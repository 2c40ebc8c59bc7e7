"""Our OCI runtime: launcher, monitor, init, exec. Starts light, forks, enters containers."""
