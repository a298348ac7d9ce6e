"""Weights and the design of a sample: estimates, tests, raking, non-response; chapters 1 and 2."""
