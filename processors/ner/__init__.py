"""Names by a trained spaCy pipeline: what it is fed, what it is made of, and what is done with what it finds.

tokens.py         the words of a field as the model's tokens, sentence by sentence
cues.py           classes of words that announce a name (titles, kinds of organisations, *in*), in nl, en, de, fr
marks.py          on which of Belfry's own lists a token stands: two features of each token
architectures.py  the network: each different word of a batch is embedded once
tagger.py         proposals: the names that a pipeline finds in the fields of an article
consistency.py    one type for one name in an article, also where the model missed it
"""
