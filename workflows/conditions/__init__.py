"""When a step may be taken: tiny predicates with their sentence and legal basis."""
