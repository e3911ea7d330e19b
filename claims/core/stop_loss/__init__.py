"""What a stop-loss carrier owes the employer. Plain integer cents."""
