"""The verbs of sampan-runtime, a file each: arguments and a call into sampan.runtime.oci."""
