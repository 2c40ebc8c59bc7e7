"""The volumes users see, with their drivers."""
