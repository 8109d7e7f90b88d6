"""What only an objection has."""
