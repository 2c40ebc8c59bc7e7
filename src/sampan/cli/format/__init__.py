"""Layout: tables, Go templates, sizes and ages as Docker shows them. Writes nothing itself."""
