"""Who did or saw what: append-only, chained, without personal data."""
