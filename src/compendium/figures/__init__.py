"""Pictures and Table 1: named results and answers drawn, each with its words (chapter 4)."""

import logging

# On a slow machine the first chapter of all would keep this line among its outputs, and no later one.
logging.getLogger("matplotlib.font_manager").addFilter(
    lambda record: "building the font cache" not in record.getMessage()
)
