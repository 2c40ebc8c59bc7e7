"""Docker's documents about what the engine has: pure, records in and dicts out."""
