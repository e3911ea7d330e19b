"""Writes of the public schema, and the making and moving of schemas."""
