"""Pictures and Table 1: named results and answers drawn, each with its words (chapter 4)."""
