"""Values and maths of claims. No Django, no clock."""
