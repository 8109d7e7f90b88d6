"""Import and export: one module per format, each a pure `parse()` and a command."""
