"""Pages of the portal that belong to no other app."""
