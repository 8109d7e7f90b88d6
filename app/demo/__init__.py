"""The demonstration city: its exports as files, and the steps that bring it to life."""
