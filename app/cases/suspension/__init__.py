"""What only a suspension has."""
