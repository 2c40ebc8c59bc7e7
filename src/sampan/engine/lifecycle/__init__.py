"""What several verbs do to a container: bundle, start, stop, end, removal. Verbs hold the locks."""
