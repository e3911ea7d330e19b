"""Plain values every app may use: cents, days, dated figures, identifiers, X12. No Django."""
