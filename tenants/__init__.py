"""Employers and the walls between them: hosts, roles, schemas, sessions, the desk."""
