"""Values and rules of people, plans and coverage. Knows no Django, no database and no clock."""
