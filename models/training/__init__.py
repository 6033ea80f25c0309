"""What `python -m models.train` is made of.

corpora.py   the texts that are learnt from: Belfry's own corpus, and the files beside the checkout
repairs.py   the silver labels where reading showed a pattern of mistakes
swap.py      other names in the same places, so that names aren't learnt by heart
examples.py  a labelled sentence as what the network sees
scores.py    precision, recall, F1 by exact spans
"""
