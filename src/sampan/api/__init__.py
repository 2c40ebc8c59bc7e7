"""Docker's Engine API over the engine: routes as tables, versions, statuses."""
