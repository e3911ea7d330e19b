"""Reads of the public schema."""
