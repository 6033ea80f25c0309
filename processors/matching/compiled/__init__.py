"""The compiled matcher: what subscriptions ask as arrays, and kernels that answer for one article.

characters.py   what each code point is, for cutting words
layout.py       the arrays and their columns
cut.py          text -> tokens -> ids of known words
occurrences.py  tokens -> which terms are there, and where
presearch.py    terms that are there -> candidates
nearness.py     a quick look whether terms can be near each other
lists.py        mentions of words and phrases
algebra.py      mentions of OR, NEAR, BEFORE, UNLESS; what ATLEAST can choose
places.py       the spans of a condition that holds
answer.py       one article: candidates, conditions, spans
lines.py        matches -> lines of JSON

listed.py       the stems of listed words, kept on disk
endings.py      letters, and what endings say of words in no list
plain.py        which new word is plain, and its stems
enter.py        what a word is entered by
learn.py        the plain words of a text, entered at once
vocabulary.py   the words of one language, analysed once in their life
terms.py        what queries look for, and in which words of a language it is
term_keys.py    the same for kernels
plan.py         syntax tree -> nodes, conditions and what is surely needed
store.py        arrays that grow
"""
