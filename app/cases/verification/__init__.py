"""What only a verification has."""
