"""Writes: each one transaction, safe to repeat, its audit row written with it."""
