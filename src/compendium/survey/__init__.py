"""What was asked, who answered, and what each missing answer means (chapter 1)."""
