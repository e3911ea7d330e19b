"""Reads: querysets for this app, frozen values for others. What a person may see comes from `visible_to(actor)`."""
