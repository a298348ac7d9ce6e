"""Several statements as one scale: how reliably they measure one thing (notebook 2)."""
