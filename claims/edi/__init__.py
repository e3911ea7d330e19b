"""X12 in and out of claims: 837 in, 277CA and 835 out."""
