"""Does it hold: what rounding allows, published statements, where results come from (chapter 5)."""
