"""Estimates and tests: what counts of a base say, and what goes with what (notebook 2)."""
