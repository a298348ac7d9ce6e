"""A picture before it is saved: the figure and the words that travel with it."""

from dataclasses import dataclass

import matplotlib.figure
import pandas as pd


@dataclass(frozen=True)
class Picture:
    """What a figure needs beside its marks.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    name : str
        File name without the chapter's number and without ending, such as ``"share_concept"``.
    caption, alt : str
        What a reader needs below the figure, and instead of it.
    results : tuple of str
        Ids of the results that are drawn.
    table : pandas.DataFrame or None
        The numbers that are drawn, where somebody checks or counts them later.
    shown : bool
        Whether a notebook displays it too, or only saves it.
    """

    figure: matplotlib.figure.Figure
    name: str
    caption: str
    alt: str
    results: tuple = ()
    table: pd.DataFrame | None = None
    shown: bool = True
