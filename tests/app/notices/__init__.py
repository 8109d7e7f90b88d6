"""Numbering, issuing and keeping notices."""
