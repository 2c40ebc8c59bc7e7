"""The kernel as functions: one wrapper per call. The only room with ctypes; no policy."""
