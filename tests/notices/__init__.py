"""Samples of every notice, and what must be true of each."""
