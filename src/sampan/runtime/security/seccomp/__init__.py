"""Which system calls a container may make: profiles, and their way into the kernel."""
