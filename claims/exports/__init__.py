"""What leaves as paper: PDF set from facts by numbered templates."""
