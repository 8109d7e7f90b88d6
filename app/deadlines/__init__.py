"""Working days, the clocks of a case, and the due dates that follow from its history."""
