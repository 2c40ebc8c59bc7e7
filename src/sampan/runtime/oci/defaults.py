"""Where sampan-runtime keeps its state unless told otherwise, and which OCI it speaks."""

DEFAULT_ROOT = "/run/sampan-runtime"
OCI_VERSION = "1.2.0"
