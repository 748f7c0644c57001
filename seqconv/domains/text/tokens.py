"""Text to units: where they are in the raw text, and the character n-grams inside a word."""

import re
import zlib

# At the start of a text that was read with its file's mark of UTF-8 or UTF-16.
BYTE_ORDER_MARK = "\ufeff"
# Ids that the shapes of words share; SMS messages have some 600 shapes.
N_SHAPES = 1024
# Ids that the pairs of neighbouring words share.
N_PAIRS = 16_384

# Vowel signs and accents that Python's \w leaves out though they are parts of words (Indic scripts, Thai, Arabic, Hebrew).
_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u109f\u200c\u200d"
# Every character that is no white space falls into one of the lines, and no line can look back over what was read
# before: the time is linear in the length of any text.
_WORD = re.compile(
    rf"""
    (?i:https?://|www\.)\S*[\w/]                                    # an address, without the full stop behind it
  | [:;=]['^-]?[()\[\]DPpOo|/\\*]+(?!\w) | <3+(?!\w)                # :-) ;P =( <3
  | ['’](?i:s|d|m|t|re|ve|ll)\b                                     # the 's of a text that was split before
  | [\w{_MARKS}]+(?:['’][\w{_MARKS}]+|(?<=\d)[.,:/]\d[\w{_MARKS}]*)*  # don't, 50p, 1,000.50, 12:30, 21/05/2005
  | (\S)\1*[\ufe0f\u200d\U0001f3fb-\U0001f3ff]*                     # !!!, £, ..., an emoji with its colour
    """,
    re.VERBOSE,
)


def find_units(text, unit):
    """Spans ``(start, stop)`` of the units of a text, in characters; every character but white space is in one word.

    A byte order mark at the start is in none.
    """
    start = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0
    if unit == "char":
        return [(i, i + 1) for i in range(start, len(text))]
    return [match.span() for match in _WORD.finditer(text, start)]


def cut_units(units, max_steps, cut):
    """At most `max_steps` units: without those at the end, at the start or in the middle."""
    if max_steps is None or len(units) <= max_steps:
        return units
    n_last = {"end": 0, "start": max_steps, "middle": max_steps // 2}[cut]
    return units[: max_steps - n_last] + units[len(units) - n_last :]


def word_shape(word):
    """How a word is written: capitals, small letters and other signs, runs of letters as one, digits counted.

    Examples
    --------
    >>> word_shape("McDonalds"), word_shape("FREE"), word_shape("07781"), word_shape("2nite")
    ('X+x+X+x+', 'X+', '00000', '0x+')
    """
    signs = (("X" if c.isupper() else "x") if c.isalpha() else "0" if c.isdigit() else c for c in word)
    return re.sub(r"(x|X)\1*", r"\1+", "".join(signs))


def shape_bucket(word):
    """The id of a word's shape, 0 to ``N_SHAPES - 1``, the same in every process."""
    return zlib.crc32(word_shape(word).encode()) % N_SHAPES


def pair_bucket(before, word):
    """The id of a word and the one before it, 0 to ``N_PAIRS - 1``, the same in every process."""
    return zlib.crc32(f"{before} {word}".encode()) % N_PAIRS


def n_gram_buckets(word, n_grams, n_buckets, n_most):
    """Hashed character n-grams of a word, as fastText counts and hashes them, at most `n_most`.

    The word stands between ``<`` and ``>``, which are no n-grams themselves. The hash is fastText's FNV-1a over UTF-8 bytes,
    so that its n-gram vectors fit. Short n-grams come first: a limit takes the long ones, then those at the end.

    Examples
    --------
    >>> n_gram_buckets("at", (3, 3), 1000, 9)  # <at, at>
    [174, 106]
    """
    shortest, longest = n_grams
    # What is cut off here could only give n-grams beyond the limit.
    characters = [character.encode() for character in f"<{word}>"[: n_most + longest + 1]]
    hashes = [2166136261] * len(characters)
    found = []
    for length in range(1, longest + 1):
        hashes = [_hash(value, character) for value, character in zip(hashes, characters[length - 1 :], strict=False)]
        if length >= shortest:
            found += hashes if length > 1 else hashes[1:-1]  # the marks
    return [value % n_buckets for value in found[:n_most]]


def _hash(value, character):
    """FNV-1a of what gave `value` and one more character."""
    for byte in character:
        signed = byte if byte < 128 else byte | 0xFFFFFF00  # fastText's bytes have a sign
        value = ((value ^ signed) * 16777619) & 0xFFFFFFFF
    return value
