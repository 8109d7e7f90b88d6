"""What only a correction has."""
