"""Which methods a study used: the report names those and no others."""

TESTS = {
    "Fisher (exact)": "fisher",
    "Pearson's χ²": "pearson",
    "Freeman–Halton (Monte Carlo)": "freeman",
    "Cochran–Armitage (trend)": "armitage",
    "Mean positions (trend)": "armitage",
    "Kendall's τ-b": "kendall",
    "Friedman": "friedman",
    "McNemar (exact)": "mcnemar",
}
METHODS = {
    "Wilson": "wilson",
    "Wilson, finite population": "finite",
    "Clopper–Pearson": "clopper",
    "exact, finite population": "hypergeometric",
    "Newcombe": "newcombe",
    "Cramér's V": "cramer",
    "proportional odds": "odds",
    "score test": "score",
    "Cronbach's α": "cronbach",
    "McDonald's ω": "mcdonald",
    "two one-sided tests, not adjusted": "equivalence",
    "permutation test over all universes": "multiverse",
    "Kish": "kish",
    "Rao–Scott F": "rao",
    "Cohen's κ": "kappa",
    "Krippendorff's α": "alpha",
    "Gwet's AC1": "ac1",
}
RESULTS = {
    "sample.checklists.not_reported": "checklists",
    "sample.completion.mean": "bootstrap",
    "themes.sets.masi": "sets",
    "themes.saturation.ninety_percent": "saturation",
    "themes.rules.development.f1": "rules",
}


def methods_used(instrument, results, claims, figures, pairs):
    """Name the methods whose results a study has.

    Parameters
    ----------
    instrument : Instrument
    results : dict of str to dict
        All of the study's results.
    claims : list of dict
        Its audited statements.
    figures : list of str
        Names of its figures.
    pairs : bool
        Whether the statements of a grid were compared two by two.

    Returns
    -------
    list of str
        Words that ``report.typ`` has a sentence for, sorted.

    Examples
    --------
    >>> from compendium.survey.instrument import read_instrument
    >>> results = {"vote.intended.dole": {"value": 41.6, "unit": "percent", "method": "Wilson"}}
    >>> methods_used(read_instrument("data/anes96/survey.yml"), results, [], [], False)
    ['wilson']
    """
    told = {id: result for id, result in results.items() if result["value"] is not None}
    used = {TESTS.get(result.get("test")) for result in told.values()}
    used |= {METHODS.get(result.get("method")) for result in told.values()}
    used |= {word for id, word in RESULTS.items() if id in told}
    if any("test" in result for result in told.values()):
        used.add("holm")
    if used & {"mcdonald", "kappa", "alpha", "ac1"}:
        used.add("bootstrap")
    if any("_scale_" in name for name in figures):  # bars of a grid's scale
        used.add("likert")
    if "kish" in used and instrument.weights.file:  # as make weights leaves them
        used.add("raking")
    if "checklists" in used and instrument.of_type("text"):
        used.add("mixed")
    used |= {"wilcoxon"} if pairs else set()
    used |= {"audit"} if claims else set()
    if "saturation" in used and any(len(q.rows) == 2 for q in instrument.plan.of("themes")):
        used.add("keyness")
    return sorted(used - {None})
