"""Formal notices: their numbers, their wording and their files."""
