"""Exercises of the chapters: what is asked, what is right, and a hint for each usual mistake."""
