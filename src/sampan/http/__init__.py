"""HTTP/1.1 both ends, with hijack. The only room that knows the parser library."""
