"""The alert language: grammar, syntax tree, normal form, compiled matcher, candidate query for the index.

parse.py      text -> tree.py            what somebody asked for
words.py      written word -> Units      what can be found in a text (normal form, hyphen and compound parts)
naive.py      the definition, slowly     what "matches" means
matcher.py    thousands of queries at once, the same answer
candidates.py tree -> Elasticsearch      may be too wide, never too narrow
"""
