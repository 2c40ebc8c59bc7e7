"""The server's half of the websocket protocol (RFC 6455), for attach/ws."""
