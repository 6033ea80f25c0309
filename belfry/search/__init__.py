"""The Elasticsearch side: what the indices look like, writing to them, searching them with the alert language.

names.py    which index something stands in
mapping.py  what the indices look like: mappings, settings, templates (pure)
client.py   the driver, its errors turned into Belfry's own
outcomes.py what became of one item of a bulk request, and what to do about it (pure)
index.py    writing: bulk, deterministic ids, external versions
"""
