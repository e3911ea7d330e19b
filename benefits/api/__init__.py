"""The API of people and coverage: reads only."""
