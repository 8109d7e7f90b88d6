"""Tests of `app/exchange/`."""
