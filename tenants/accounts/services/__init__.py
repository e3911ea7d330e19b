"""Writes of the accounts."""
