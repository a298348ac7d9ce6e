"""Many studies at once: exports of a list from import to audit, and waves of one survey."""
