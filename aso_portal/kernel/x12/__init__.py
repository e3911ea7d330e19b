"""X12 interchanges: read in a stream, checked against tables, written from the same tables. Plain Python."""
