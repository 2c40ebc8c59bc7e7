"""One SQLite database: one module per table. Nobody else writes SQL."""
