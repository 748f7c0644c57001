"""Units of a text, where they are in it, and the character n-grams inside a word."""

import re
import zlib

# Number of ids for the shapes of words; SMS messages have some 600 shapes.
N_SHAPES = 1024
# Number of ids for the pairs of neighbouring words.
N_PAIRS = 16_384

# Characters without width: soft hyphen, zero-width space, joiners of words, marks of direction, byte order marks.
HIDDEN = "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
# Codes that colour a terminal's text, and the control characters that are no white space to Python.
CONTROL = r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0e-\x1f\x7f]"
_SKIPPED = re.compile(f"{CONTROL}|[{HIDDEN}]")
# Vowel signs and accents inside of words that Python's \w leaves out (Indic scripts, Thai, Arabic, Hebrew).
_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u109f\u200c\u200d"
_LETTERS = rf"[\w{_MARKS}{HIDDEN}]"
# Every character but white space, control and hidden characters matches one of the lines, and no line looks back over
# what was read before. So the time is linear in the length of any text.
_WORD = re.compile(
    rf"""
    (?P<skipped>{CONTROL}|[{HIDDEN}]+)                              # white space in effect
  | (?i:https?://|www\.)\S*[\w/]                                    # an address, without the full stop after it
  | [:;=]['^-]?[()\[\]DPpOo|/\\*]+(?!\w) | <3+(?!\w)                # :-) ;P =( <3
  | ['’](?i:s|d|m|t|re|ve|ll)\b                                     # the 's of a text that was split before
  | {_LETTERS}+(?:['’]{_LETTERS}+|(?<=\d)[.,:/]\d{_LETTERS}*)*        # don't, 50p, 1,000.50, 12:30, 21/05/2005
  | (\S)\2*[\ufe0f\u200d\U0001f3fb-\U0001f3ff]*                     # !!!, £, ..., an emoji with its colour
    """,
    re.VERBOSE,
)
# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, Chinese, Japanese.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
# A zero-width space ends a word of these scripts. All n-grams of 2 to 5 characters of a part are within 48 pieces.
_PART = re.compile("[^\u200b]{1,11}\u200b*|\u200b+")
_LONGEST_PART = 11
# Longest run of other scripts that is one word. Only the shortest n-grams of a longer one are within 48 pieces.
_LONGEST_WORD = 45


def find_units(text: str, unit: str) -> list[tuple[int, int]]:
    """Return the spans ``(start, stop)`` of the units of a text, in characters; ``(0, 0)`` if it has none.

    Every character belongs to one word, except white space, control and hidden characters. A run of a script without
    spaces, and any run of more than 45 characters, is cut into parts of 11 characters.
    """
    if unit == "char":
        skipped = {i for match in _SKIPPED.finditer(text) for i in range(*match.span())}
        return [(i, i + 1) for i in range(len(text)) if i not in skipped] or [(0, 0)]
    spans = []
    for match in _WORD.finditer(text):
        start, stop = match.span()
        # Neither skipped nor a sign.
        if match.lastindex is None and stop - start > _LONGEST_PART and _is_run(text, start, stop):
            spans += [part.span() for part in _PART.finditer(text, start, stop)]
        elif match.lastgroup != "skipped":
            spans.append((start, stop))
    return spans or [(0, 0)]


def _is_run(text, start, stop):
    return stop - start > _LONGEST_WORD or _UNSPACED.search(text, start, stop) is not None


def cut_units(units: list[tuple[int, int]], max_steps: int | None, cut: str) -> list[tuple[int, int]]:
    """Return at most `max_steps` units, without those at the end, at the start or in the middle."""
    if max_steps is None or len(units) <= max_steps:
        return units
    n_last = {"end": 0, "start": max_steps, "middle": max_steps // 2}[cut]
    return units[: max_steps - n_last] + units[len(units) - n_last :]


def word_shape(word: str) -> str:
    """Describe how a word is written: capitals, small letters and other signs, runs of letters as one, digits counted.

    Examples
    --------
    >>> word_shape("McDonalds"), word_shape("FREE"), word_shape("07781"), word_shape("2nite")
    ('X+x+X+x+', 'X+', '00000', '0x+')
    """
    signs = (("X" if c.isupper() else "x") if c.isalpha() else "0" if c.isdigit() else c for c in word)
    return re.sub(r"(x|X)\1*", r"\1+", "".join(signs))


def shape_bucket(word: str) -> int:
    """Return the id of a word's shape, 0 to ``N_SHAPES - 1``, the same in every process."""
    return zlib.crc32(word_shape(word).encode()) % N_SHAPES


def pair_bucket(before: str, word: str) -> int:
    """Return the id of a word and the one before it, 0 to ``N_PAIRS - 1``, the same in every process."""
    return zlib.crc32(f"{before} {word}".encode()) % N_PAIRS


def n_gram_buckets(word: str, n_grams: tuple[int, int], n_buckets: int, n_most: int) -> list[int]:
    """Hash at most `n_most` character n-grams of a word, as fastText counts and hashes them.

    The word is put between ``<`` and ``>``, which alone are not n-grams. The hash is fastText's FNV-1a over UTF-8
    bytes, so that its n-gram vectors fit. Short n-grams come first: a limit drops the long ones, then those at the end.

    Examples
    --------
    >>> n_gram_buckets("at", (3, 3), 1000, 9)  # <at, at>
    [174, 106]
    """
    shortest, longest = n_grams
    # The characters cut off here only give n-grams beyond the limit.
    characters = [character.encode() for character in f"<{word}>"[: n_most + longest + 1]]
    hashes = [2166136261] * len(characters)
    found = []
    for length in range(1, longest + 1):
        hashes = [_hash(value, character) for value, character in zip(hashes, characters[length - 1 :], strict=False)]
        if length >= shortest:
            found += hashes if length > 1 else hashes[1:-1]  # the marks
    return [value % n_buckets for value in found[:n_most]]


def n_grams_of(word: str, n_grams: tuple[int, int], n_most: int) -> list[str]:
    """Return the n-grams that `n_gram_buckets` hashes, in its order.

    Examples
    --------
    >>> n_grams_of("at", (2, 3), 9)
    ['<a', 'at', 't>', '<at', 'at>']
    """
    shortest, longest = n_grams
    marked, found = f"<{word}>"[: n_most + longest + 1], []
    for length in range(shortest, longest + 1):
        grams = [marked[start : start + length] for start in range(len(marked) - length + 1)]
        found += grams if length > 1 else grams[1:-1]  # the marks
    return found[:n_most]


def _hash(value, character):
    """Continue an FNV-1a hash with one more character."""
    for byte in character:
        # fastText's bytes have a sign.
        signed = byte if byte < 128 else byte | 0xFFFFFF00
        value = ((value ^ signed) * 16777619) & 0xFFFFFFFF
    return value
