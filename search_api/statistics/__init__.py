"""Counts of growth and use, and what is recorded for them."""
