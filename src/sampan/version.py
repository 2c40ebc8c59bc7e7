"""Version numbers that clients see."""

VERSION = "0.1.0"
API_VERSION = "1.51"
MIN_API_VERSION = "1.24"
