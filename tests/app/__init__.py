"""Tests of `app/`, in the same order."""
