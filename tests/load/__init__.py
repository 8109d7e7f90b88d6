"""The real program under load: as many processes and people as asked for, and what that took."""
