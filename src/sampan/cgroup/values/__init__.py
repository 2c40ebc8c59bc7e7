"""From OCI limits to what is written into which file. Pure: decides, writes nothing."""
