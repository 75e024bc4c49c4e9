"""Raw text to what models count: cleaning, sentences, tokens, lemmas, terms.

Tokens are exactly those of razdel; lemmas are those of rumorph, each word alone. A corpus repeats
itself, so every distinct piece between spaces is split once and every distinct word analysed once.

Every function takes a series of texts and returns a series of the same length and name. A null
text stays null; an empty one gives an empty text or an empty list.
"""

from cur_lab.text.boundaries import sentences
from cur_lab.text.cleaning import clean
from cur_lab.text.counted import debug, terms
from cur_lab.text.lemmas import lemmatize
from cur_lab.text.mapping import contents as contents
from cur_lab.text.readings import parses as parses
from cur_lab.text.stop_words import STOP_WORDS
from cur_lab.text.tokens import tokenize

__all__ = [
    "STOP_WORDS",
    "clean",
    "debug",
    "lemmatize",
    "sentences",
    "terms",
    "tokenize",
]
