"""Say in one line how an audit went; end with an error where a numeric claim failed."""

import json
import sys
from collections import Counter
from pathlib import Path

audit = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
tally = Counter(row["status"] for row in audit)
print("  audit: " + (", ".join(f"{n} {s}" for s, n in sorted(tally.items())) or "no claims"))
failed = [row for row in audit if row["status"] in ("inconsistent", "not_reproduced")]
for row in failed:
    print(f"  FAILED {row['id']} ({row['status']}): {row['why']}")
sys.exit(1 if failed else 0)
