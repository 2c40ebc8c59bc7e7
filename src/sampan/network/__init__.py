"""The networks users see: address pools, endpoints, published ports, packet filter."""
