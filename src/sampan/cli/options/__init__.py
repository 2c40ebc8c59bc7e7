"""From flags of run, create, update and network create to the documents of the API. Pure."""
