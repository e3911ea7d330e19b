"""People, plans and coverage of one employer."""
