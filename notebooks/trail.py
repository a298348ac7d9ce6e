"""Write the audit trail of a study: python notebooks/trail.py STUDY."""

import sys
from pathlib import Path

from compendium.audit.provenance import provenance
from compendium.figures.style import write_captions
from compendium.files import write_json
from compendium.wording import SAID

build = Path("build") / sys.argv[1]
notebooks = sorted((build / "notebooks").glob("[1-5]_*[a-z].ipynb"))
executed = [path for path in notebooks if not path.name.endswith(".failed.ipynb")]
trail = provenance(sys.argv[1], "data", executed)
write_json(build / "results" / "provenance.json", trail)
for folder in ("results", "tables"):  # numbers travel without the notebook that explains them
    notice = build / folder / "SYNTHETIC.txt"
    notice.unlink(missing_ok=True)
    if trail["answers"] == "synthetic":
        notice.write_text(f"{SAID} Every number here was computed from answers made up.\n")
write_captions(Path("figures") / sys.argv[1])
