"""Claims: from an 837 to a decision, its payment and its stop-loss."""
