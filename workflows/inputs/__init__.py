"""What each step takes; form, API schema and field list are derived from it."""
