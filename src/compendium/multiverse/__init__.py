"""Every reasonable analysis of a planned question, and what its answer depends on."""
