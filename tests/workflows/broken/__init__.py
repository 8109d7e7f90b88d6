"""Definitions each broken in one way, with the fault that must be told of it."""
