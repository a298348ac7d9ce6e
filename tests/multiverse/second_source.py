"""What `specification_curve` 0.3.9 finds on the regression of `test_universe`, for values and for time.

Run where that package is installed: ``PYTHONPATH=src python tests/multiverse/second_source.py``.
"""

import time

import pandas as pd

STUDY, CUTS = "microcredentials", {"points": [1, 2, 3, 4, 5], "named": [0, 0, 0, 1, 1]}


def answers():
    """Familiarity, all points and its upper end, with size and prior engagement, of who gave all."""
    frame = pd.read_csv(f"data/{STUDY}/responses.csv", dtype=str)
    frame = frame[(frame["consent"] == "Yes") & (frame["involved"] == "Yes")]
    frame = frame[~frame.duplicated("invitation")]
    points = ["Not familiar", "Slightly familiar", "Moderately familiar", "Very familiar"]
    points += ["Extremely familiar"]
    sizes = ["Micro (1–9)", "Small (10–49)", "Medium (50–249)", "Large (250 or more)"]
    priors = ["None before this survey", "Read or heard about them"]
    priors += ["Discussed, offered or recruited with them"]
    found = {"size": frame["size"].map(dict(zip(sizes, range(4), strict=True)))}
    found["prior"] = frame["prior"].map(dict(zip(priors, range(3), strict=True)))
    for name, scores in CUTS.items():
        found[name] = frame["concept"].map(dict(zip(points, scores, strict=True)))
    return pd.DataFrame(found).dropna().astype(float).reset_index(drop=True)


def main():
    from specification_curve import SpecificationCurve

    frame, started = answers(), time.perf_counter()
    for x, other in (("size", "prior"), ("prior", "size")):
        curve = SpecificationCurve(frame, y_endog=[*CUTS], x_exog=[x], controls=[other])
        curve.fit()
        for row in curve.df_r.itertuples():
            controls = "others" if other in str(row.Specification) else "none"
            print(row.y_endog, row.x_exog, controls, round(row.Coefficient, 6), row.pvalues[x].round(6))
    print(f"{len(frame)} respondents, 8 regressions: {time.perf_counter() - started:.2f} s")
    started = time.perf_counter()
    for seed in range(20):  # its own resampling (`fit_null`) stops in what it imports
        shuffled = frame.assign(
            **{name: frame[name].sample(frac=1, random_state=seed).array for name in CUTS}
        )
        SpecificationCurve(shuffled, y_endog=[*CUTS], x_exog=["size"], controls=["prior"]).fit()
    seconds = time.perf_counter() - started
    print(f"20 shuffles of 4 regressions: {seconds:.1f} s, {1000 * seconds / 80:.1f} ms a regression")


if __name__ == "__main__":
    main()
