"""The web site of a study: its pages, their templates, and how Sphinx makes them."""
