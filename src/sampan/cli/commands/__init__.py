"""Commands, one verb a file; the mould is described in sampan.cli.tree."""
