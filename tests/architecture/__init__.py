"""What the whole tree must satisfy."""
