"""The parts of tools/build_gazetteer.py: what is taken from each source, and why not the rest."""
