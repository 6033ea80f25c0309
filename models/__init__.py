"""The trained pipeline, the corpus, and what trains the one on the other."""
