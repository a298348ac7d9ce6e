"""Coders that are programs: rules, what is learnt, any other; measured by people (chapter 3)."""
