"""Route netlink: one file per message family."""
