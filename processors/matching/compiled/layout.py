"""The arrays that the kernels share: one named tuple for each owner, one constant for each column.

All are int32 unless their comment says otherwise, and C-contiguous. A *point* is `position << RANK_BITS | rank`, where a
word begins at rank BEGINS and ends at ENDS, its compound parts between (see naive.py). Title and text share one axis of
positions and one of characters: the text begins TEXT_AT positions and, in characters, right after the title.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]

RANK_BITS: Final = 6
BEGINS: Final = 0
ENDS: Final = 63
MAX_RANK: Final = 62
TEXT_AT: Final = 1 << 24
"""More than an article of 2 MB can have words: no distance reaches from title to text."""

# Columns of Language.words, one row a known word.
UNITS, UNIT_COUNT, ROWS, ROW_COUNT, ROW_ROOM, WIDTH, LETTERS, LENGTH = range(8)
WORD_COLUMNS: Final = 8
# Columns of Language.units: points relative to the word's position, characters relative to its start; PLAIN: a word.
U_FIRST, U_LAST, U_START, U_END, PLAIN = range(5)
UNIT_COLUMNS: Final = 5
# Columns of Language.rows, the terms that a word has: the term (-1: none any more), and `unit << 2 | use`.
R_TERM, R_UNIT = range(2)
ROW_COLUMNS: Final = 2
AS_MENTION: Final = 1
"""The unit is a mention of the term."""
AS_STEP: Final = 2
"""The unit is what the term may be in a phrase."""

# Columns of Language.listed, one row a listed word: its letters, how many; its stems in `listed_stems`, how many.
L_LETTERS, L_LENGTH, L_STEMS, L_STEM_COUNT = range(4)
LISTED_COLUMNS: Final = 4
# Columns of Language.keys, one row a key of terms (see term_keys.py): its letters, how many; its entries, how many.
K_LETTERS, K_LENGTH, K_ENTRIES, K_COUNT = range(4)
KEY_COLUMNS: Final = 4
# Language.vocabulary: how much of its arrays is used, in this order; and whether a kernel stopped for want of room.
V_WORDS, V_LETTERS, V_UNITS, V_ROWS, V_INDEX, V_FORMS, V_FORM_COUNT, V_FULL = range(8)
VOCABULARY_COUNTS: Final = 8

# Columns of Work.tokens.
WORD, START, END, POSITION, CAPITALS = range(5)
TOKEN_COLUMNS: Final = 5
# Columns of Work.mentions: first and last point, first and last character (end exclusive), words skipped in a phrase.
FIRST, LAST, FROM, TO, SKIPPED = range(5)
MENTION_COLUMNS: Final = 5
# Columns of Queries.terms, all that is looked at for each term that an article has, so that it costs one line of the cache:
# articles that had it; where in `anchors` its rows stand, how many, and how many there is room for; whether it may have a
# spaced form; and while the article has it, head of its links, and (two columns) the positions that it covers, see nearness.py.
T_FREQUENCY, T_ANCHORS, T_ANCHOR_COUNT, T_ANCHOR_ROOM, T_JOINED, T_LINKS = range(6)
TERM_COLUMNS: Final = 8
# Columns of the same rows as Queries.term_bits.
T_BITS: Final = 3
TERM_BIT_COLUMNS: Final = 4
# Columns of Work.term_state: a term's lists by use.
T_MENTIONS, T_MENTION_COUNT, T_STEPS, T_STEP_COUNT, T_MENTIONS_AT, T_STEPS_AT = range(6)
TERM_STATE_COLUMNS: Final = 6
# Columns of Queries.nodes.
KIND, A, B, COUNT, FIELDS, SLOP = range(6)
NODE_COLUMNS: Final = 6
TERM, PHRASE, ENTITY, CONCEPT, ANY, NEAR, BEFORE, UNLESS, ATLEAST = range(9)
"""Kinds. TERM, ENTITY: A is the term. CONCEPT: A is its number. PHRASE: A, COUNT are its terms in `args`, SLOP.
ANY: A, COUNT are its nodes in `args`. NEAR, BEFORE, UNLESS: nodes A and B within SLOP. ATLEAST: SLOP mentions of A.
FIELDS: 1 title, 2 text, 3 both."""
# Columns of Work.node_state: when its mentions were listed, where; when its places were, where.
N_LISTED, N_AT, N_COUNT, N_PLACED, N_PLACES, N_PLACE_COUNT = range(6)
NODE_STATE_COLUMNS: Final = 6
# Columns of Queries.queries: its program and, for ties between places, its leaves in order; order among all queries; where in
# `args` its needs stand with what must be near each other, and the length of both.
Q_PROGRAM, Q_LENGTH, Q_LEAVES, Q_LEAF_COUNT, Q_ALIVE, Q_ORDER, Q_NEEDS, Q_NEED_LENGTH = range(8)
QUERY_COLUMNS: Final = 8
# Operations of programs (op, operand).
HAS, LACKS, FLAG, ALL_OF, ANY_OF, NOT = range(6)
MAX_PROGRAM: Final = 4096
"""Operations: a query has 1,000 terms at most, and each operator takes two or more."""
# Columns of Queries.anchors, rows of queries under their rarest term: the query, two terms that must be there too, two that
# must be near each other: `slop << 1` where the second follows the first, `slop << 1 | 1` to either side, or EITHER where one
# of the two must be there; and two that must not be there (-1: none).
A_QUERY, A_SECOND, A_THIRD, A_ONE, A_OTHER, A_NEARNESS, A_LACKS, A_LACKS_TOO = range(8)
ANCHOR_COLUMNS: Final = 8
EITHER: Final = -2
CHECK_COLUMNS: Final = 5
"""The last of them, as they stand in `args` behind a query's needs."""
# Columns of Work.places: characters, the leaf (node) whose part of the query it is, and the place that this is a copy of.
P_FROM, P_TO, P_LEAF, P_BASE = range(4)
PLACE_COLUMNS: Final = 4
# Rows of what own_places gives, a column each place: characters in its field, the leaf, whether its field is the title.
O_FROM, O_TO, O_LEAF, O_IN_TITLE = range(4)
OWN_COLUMNS: Final = 4
# Columns of concepts in the article's language, each after those that it uses: its number, the nodes of its mention for
# the field masks 1 to 3, the program of its `where` (length 0: none).
C_NUMBER, C_TITLE, C_TEXT, C_BOTH, C_WHERE, C_WHERE_LENGTH = range(6)
CONCEPT_COLUMNS: Final = 6
# Columns of what an article brings beside its words: a term, and the characters it stands on (-1: a flag).
E_TERM, E_FROM, E_TO = range(3)
EXTRA_COLUMNS: Final = 3


class Field(NamedTuple):
    """An array that kernels see as `work.NAME`: rows of columns, or (columns 0) plain numbers."""

    name: str
    columns: int
    dtype: type[np.generic] = np.int32


LANGUAGE: Final = (
    Field("word_table", 0),  # open addressing: word or -1; its length a power of two
    Field("word_hashes", 0, np.uint64),
    Field("words", WORD_COLUMNS),
    Field("letters", 0, np.uint32),  # code points of all words
    Field("units", UNIT_COLUMNS),
    Field("rows", ROW_COLUMNS),
    Field("sequences", 2),  # by term: where in sequence_terms the parts of a hyphenated word stand, and how many
    Field("sequence_terms", 0),
    Field("concepts", CONCEPT_COLUMNS),
    Field("index_hashes", 0, np.uint64),  # of a stem or exact form that a word has, and which word
    Field("index_words", 0),
    Field("forms", 0, np.uint8),  # of all words, in UTF-8, each with a line end behind it
    Field("form_starts", 0),
    Field("form_words", 0),
    Field("vocabulary", 0, np.int64),
    Field("key_table", 0),  # open addressing
    Field("key_hashes", 0, np.uint64),
    Field("keys", KEY_COLUMNS),
    Field("key_letters", 0, np.uint32),
    Field("key_entries", 0),
)
"""What belongs to one language."""

LISTED_WORDS: Final = (
    Field("listed_table", 0),  # open addressing
    Field("listed", LISTED_COLUMNS),
    Field("listed_letters", 0, np.uint16),
    Field("listed_stems", 0),
    Field("stems", 2),  # of a stem: its letters, how many
    Field("stem_hashes", 0, np.uint64),
    Field("stem_letters", 0, np.uint32),
    Field("elided", 0),  # each of these: its length, then its letters
    Field("rules", 0),  # which rules for endings, see endings.py
)
"""What is known of a language's plain words (see listed.py)."""

CUTS: Final = (
    Field("cut_table", 0),
    Field("cut_hashes", 0, np.uint64),
    Field("cut_heads", 4),  # of a stretch: its first piece, how many; its letters, how many
    Field("cut_letters", 0, np.uint32),
    Field("cuts", 2),  # of a piece: first and last character in the stretch
)
"""How stretches of text with joiners in them are cut."""

QUERIES: Final = (
    Field("nodes", NODE_COLUMNS),
    Field("args", 0),
    Field("programs", 2),
    Field("queries", QUERY_COLUMNS),
    Field("anchors", ANCHOR_COLUMNS),
    Field("terms", TERM_COLUMNS),
    Field("term_bits", TERM_BIT_COLUMNS, np.uint64),  # the same memory
    Field("concept_terms", 0),  # by concept
)
"""What is asked."""

SCRATCH: Final = (
    Field("tokens", TOKEN_COLUMNS),
    Field("token_hashes", 0, np.uint64),
    Field("unknown", 2),  # stretches that the rule must cut first
    Field("word_state", 2),  # by word: the article it was in last, its number among the article's words
    Field("distinct", 3),  # by number: word, where its tokens stand in `where`, how many
    Field("covers", 0, np.uint64),  # by number: the positions that it covers, see nearness.py
    Field("where", 0),  # token numbers, by word
    Field("links", 3),  # next link of the term, number of the word, unit << 2 | use
    Field("present", 0),  # terms that are there
    Field("anchored", 0),  # those of them that queries are filed under
    Field("bits", 0, np.uint32),  # by term, whether it is there
    Field("term_state", TERM_STATE_COLUMNS),
    Field("node_state", NODE_STATE_COLUMNS),
    Field("query_state", 0),  # by query: the article it was a candidate in last
    Field("candidates", 0),
    Field("mentions", MENTION_COLUMNS),
    Field("marks", 0, np.uint8),  # by mention
    Field("places", PLACE_COLUMNS),
    Field("stack", 2),
    Field("matches", 3),  # query, where its places are, how many
    Field("counters", 0, np.int64),
    Field(
        "concept_state", 4
    ),  # by concept: when it was listed, and the nodes of its mention for the field masks 1 to 3
    Field("extras", EXTRA_COLUMNS),
    Field("part", 0),  # of a program that is run: nodes that take part, and its stack
    Field("opened", 0),
    Field("values", 0),
)
"""What is written for one article, and used again for the next."""

FIELDS_IN_ORDER: Final = (*LANGUAGE, *LISTED_WORDS, *CUTS, *QUERIES, *SCRATCH)


# Work.counters.
(
    MENTIONS_USED, PLACES_USED, LINKS_USED, ERA, LISTED, STEPS, MATCHES,
    PRESENT, ANCHORED, CANDIDATES, NEED, TOKENS, CUT,
) = range(13)  # fmt: skip
"""ERA is the article's number; LISTED that of the lists of mentions, which may be forgotten within an article; STEPS are
left for pairing; NEED is what there is not enough room for; CUT is 1 where mentions were left out at one of the bounds below."""
COUNTERS: Final = 13
MAX_MENTIONS: Final = 1 << 23
MAX_PLACES: Final = 1 << 23
"""Some 160 and 130 MB: what no news needs; beyond it mentions are left out rather than memory filled."""
MAX_STEPS: Final = 4_000_000
"""Of pairing, for one condition of one article: a fraction of a second. What no news needs is left out beyond that."""

# Counters[NEED].
FITS, MORE_LINKS, MORE_MENTIONS, MORE_PLACES, MORE_MATCHES = range(5)
