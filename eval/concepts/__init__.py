"""How well the concepts of the lexicon are found: over their own examples, and over newspaper texts."""
