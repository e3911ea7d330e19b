"""Pages about people and coverage."""
