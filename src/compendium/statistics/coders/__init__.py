"""What coders did: how far they agree, and how well one of them, or the rules, does (notebook 3)."""
