"""The thin layer under the notebooks of the compendium."""
