"""The history of the schema; `versions/` has its steps."""
