"""Settings of the web site that are the same for every study; `report/build_site.py` adds the rest."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "src")]

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "notebook_pages"]
language = "en-GB"
default_role = "py:obj"
smartquotes = False  # answers are quoted as they were written
exclude_patterns = ["figures", "papers"]

nb_execution_mode = "off"
myst_enable_extensions = ["amsmath", "dollarmath"]
html_math_renderer = "mathml"

autodoc_default_options = {"members": True, "exclude-members": "model_config"}
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "sphinx_book_theme"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    # The theme's folds in the navigation have no name that a screen reader could say.
    "max_navbar_depth": 1,
    "footer_content_items": ["extra-footer"],
    "navbar_persistent": [],
}
html_context = {"default_mode": "auto"}
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_permalinks_icon = "#"
html_use_index = False
html_domain_indices = False
html_last_updated_fmt = None
# A page opened from a file may not read other files, so results are listed without their text.
html_show_search_summary = False
