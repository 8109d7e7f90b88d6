"""The outbox, messages and their receipts."""
