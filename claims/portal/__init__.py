"""Pages of claims for members, and totals for HR. Views parse, make one call inward and render."""
