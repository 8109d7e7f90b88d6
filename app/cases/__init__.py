"""The cases: their tables, the machine that moves them, and their pages."""
