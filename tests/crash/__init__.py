"""The program is killed again and again under load; what it had acknowledged must stand."""
