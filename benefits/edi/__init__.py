"""Files from outside, turned into core values: inclusive last days become half-open ends here and nowhere else."""
