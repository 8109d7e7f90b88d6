"""What only a repair has."""
