"""sampan image: one verb a file."""
