"""Codings out to people and other programs, and back: spreadsheets and REFI-QDA (chapter 3)."""
