"""Reading what was coded: the passages of a code, and words beside numbers."""
