"""The API of claims and limits: reads only, and nothing for HR."""
