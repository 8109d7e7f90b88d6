"""What leaves the office: the outbox, and messages to recipients of records with their receipts."""
