"""Reads of claims. What a person may see is decided here, and each look at care is logged here, not in views."""
