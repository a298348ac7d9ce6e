"""Write the audit trail of a study: python notebooks/trail.py STUDY."""

import sys
from pathlib import Path

from helpers.provenance import provenance
from helpers.results import write_json

build = Path("build") / sys.argv[1]
notebooks = sorted((build / "notebooks").glob("[1-5]_*[a-z].ipynb"))
executed = [path for path in notebooks if not path.name.endswith(".failed.ipynb")]
write_json(build / "results" / "provenance.json", provenance(sys.argv[1], "data", executed))
