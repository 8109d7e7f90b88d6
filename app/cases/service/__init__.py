"""Serving the notices of cases, and the register of their numbers."""
