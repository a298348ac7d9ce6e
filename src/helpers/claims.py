"""What chapter 5 says: which published statements hold."""

from collections import Counter
from functools import cached_property

import numpy as np
import pandas as pd

from compendium.audit.claims import FAILED, STATUSES, audit, failures, load_claims
from compendium.audit.judging import in_cells
from compendium.audit.published import bands, load_published, wordings
from compendium.audit.rounding import CONVENTIONS, every_convention
from compendium.figures.estimates import claims_picture, published_pictures
from compendium.files import write_json
from compendium.wording import counts, evidence, plain, short, texts
from helpers.show import View

NONE = (
    "This study has no claims: no numbers have been published of it, or none were entered in "
    "`claims.yml`."
)


class Audit(View):
    """The audited statements; `.rows` are the facts, `.plot()` counts them by status."""

    def __init__(self, study, rows):
        self.rows = rows
        columns = ["id", "statement", "source", "published", "computed", "status", "why", "detectable"]
        frame = pd.DataFrame(rows, columns=columns)
        for name in ("published", "computed"):
            frame[name] = [evidence(value) for value in frame[name]]
        computed = "Computed from synthetic answers" if study.synthetic else "Computed"
        shown = pd.DataFrame(
            map(in_cells, rows), columns=["Statement", "Status, and why", "Published", computed]
        )
        parts = [texts(shown, "claims") if rows else NONE]
        super().__init__(study, parts, frame=frame, tables={"claims": frame})

    def keep(self):
        """As every view, and the facts as ``claims.json``, which the site and the poster read."""
        super().keep()
        if self.study.chapter is not None:
            write_json(self.study.out / "results" / "claims.json", self.rows)

    def plot(self):
        """How many statements have which status."""
        tally = Counter(row["status"] for row in self.rows)
        found = pd.Series({name: tally[name] for name in STATUSES})
        title = short(self.study.instrument.title, 60)
        drawn = [claims_picture(found, FAILED, title, self.study.synthetic)] if self.rows else []
        return View(self.study, drawn, frame=found.to_frame("statements"))

    def readers(self):
        """The findings in words, in random order: no number settles them."""
        words = [row for row in self.rows if row["status"] == "qualitative"]
        order = np.random.default_rng(self.study.seed).permutation(len(words))
        listed = [f"{k}. {plain(words[at]['statement'])}" for k, at in enumerate(order, 1)]
        said = "\n".join(["**To be judged by a reader**, in random order:", "", *listed])
        return View(self.study, [said if listed else "No finding in words to judge."])


class Claims:
    """Published statements and whether they hold; part of `study.OpenStudy`."""

    @cached_property
    def claims(self):
        """What the study and others published, as ``claims.yml`` states it; a list of `Claim`."""
        path = self.folder / "claims.yml"
        return load_claims(path, self.data / "published.csv") if path.exists() else []

    def arithmetic(self):
        """Which counts each published percent allows, under every way to round."""
        rows = [
            (claim.id, claim.percent, claim.base,
             *map(counts, every_convention(claim.percent, claim.base, claim.to_nearest).values()))
            for claim in self.claims
            if claim.percent is not None and claim.base is not None and not claim.weighted
        ]  # fmt: skip
        names = [name.replace("_", " ") for name in CONVENTIONS]
        frame = pd.DataFrame(rows, columns=["Claim", "Percent", "Base", *names])
        stated = {claim.id: claim.statement for claim in self.claims}
        shown = frame.set_index(frame["Claim"].map(stated).rename(None)).drop(columns="Claim")
        parts = [shown if rows else "No claim of this study is a percentage of a stated base."]
        return View(self, parts, frame=frame, tables={"arithmetic": frame})

    def statuses(self):
        """What each status of the audit means."""
        possible = {k: v for k, v in STATUSES.items() if self.synthetic or k != "by_construction"}
        frame = pd.DataFrame(possible.items(), columns=["status", "meaning"])
        shown = frame.assign(status=frame["status"].str.replace("_", " "))
        return View(self, [texts(shown.rename(columns=str.capitalize), "statuses")], frame=frame)

    def audit(self):
        """Each claim beside the result that must bear it out, with a status and the reason.

        Returns
        -------
        Audit

        References
        ----------
        Brown & Heathers (2017), doi 10.1177/1948550616673876.
        """
        return Audit(self, audit(self.claims, self.recorded, self.instrument.provenance))

    def published(self):
        """The figures of ``published.csv`` that a claim or the plan names, by what was asked."""
        table = load_published(self.data / "published.csv", self.claims, self.plan)
        if table.empty:
            return View(self, ["No claim and no question of the plan names a published figure."])
        own = {claim.published for claim in self.claims if claim.result and claim.percent}
        kinds = ["published" if id in own else "others" for id in table.index]
        beside = bands(table.assign(kind=kinds), self.confidence)
        parts = [texts(wordings(beside), "wordings", True), *published_pictures(beside)]
        return View(self, parts, frame=beside)

    def what_holds(self):
        """The answer of chapter 5, in one paragraph: how many statements have which status."""
        rows = audit(self.claims, self.recorded, self.instrument.provenance)
        if not rows:
            return "There is nothing to audit."
        tally = Counter(row["status"] for row in rows)
        counted = ", ".join(
            f"{tally[name]} {name.replace('_', ' ')}" for name in STATUSES if tally[name]
        )
        said = [f"Of {len(rows)} published statements: {counted}."]
        if self.synthetic:
            said.append(
                "None is *reproduced*, because the answers here are synthetic: a match shows that the "
                "compendium computes what it should, not that the study was right."
            )
        wrong = failures(rows)
        if wrong:
            said.append(f"**Failed:** {', '.join(row['id'] for row in wrong)}.")
        return " ".join(said)
