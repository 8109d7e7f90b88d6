"""The definitions with one thing changed each: what the checker lets pass the tests must catch."""
