"""Tests of `app/deadlines/`."""
