"""What they say in their own words: codes, coders, themes and rules (chapter 3)."""
