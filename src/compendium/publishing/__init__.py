"""Site, poster, handout and report: what the notebooks wrote, as pages to read and to print."""
