"""The REST API: the same commands and queries as the pages, in JSON, for programs with a token."""
