"""How a container meets the network room: ports, endpoints, files. Packets are not its business."""
