"""What a step does, told to the office."""
