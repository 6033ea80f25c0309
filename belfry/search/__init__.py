"""The Elasticsearch side: what the indices look like, writing to them, searching them with the alert language.

names.py       which index something stands in
mapping.py     what the indices look like: mappings, settings, templates (pure)
client.py      the driver, its errors turned into Belfry's own
indices.py     the indices and templates, kept as this version wants them
outcomes.py    what became of one item of a bulk request, and what to do about it (pure)
index.py       writing: bulk, deterministic ids, external versions
messages.py    what is written for each kind of message; sink.py: the index role's end
fake.py        an index in memory, for tests
find.py        search and backtest: candidates verified by the matcher
filters.py     what narrows a query down from outside, in the alert language (pure)
snapshot.py    the articles of one moment, page by page
stored.py      an article as it is read back
facets.py, highlights.py, tally.py    what is told of hits (pure)
"""
