"""Token ids of texts by the parameters and the vocabulary of a TextAdapter."""

import math
import re
import unicodedata
import warnings
from array import array
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from seqconv.data.packed_ids import PackedIds
from seqconv.domains.text.tokens import (
    HIDDEN,
    N_PAIRS,
    N_SHAPES,
    cut_units,
    find_units,
    n_gram_buckets,
    pair_bucket,
    shape_bucket,
)

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter

UNKNOWN = 1
# Id of the first unit of the vocabulary.
FIRST = 2
# Place of the pair among the pieces of a subword.
PAIR = 2
# From so many texts on, a subword that occurs once is no unit of its own.
_MANY_TEXTS = 1_000
_MANY_ONCE, _MOST_ONCE = 5_000, 0.75
_MOST_IDS = 1 << 31  # 8 GiB
# Without meaning in a vocabulary: hidden characters, joiners of letters and emoji, choices of an emoji's colours.
_STRIPPED = re.compile(f"[{HIDDEN}\u200c\u200d\ufe0e\ufe0f]")


def count_tokens(adapter: "Adapter", n_words: int) -> int:
    """Return the number of ids: the special ones, the vocabulary and the buckets of subwords."""
    return FIRST + n_words + (adapter.n_buckets + N_SHAPES + N_PAIRS if adapter.unit == "subword" else 0)


def units_of(adapter: "Adapter", text: str) -> list[tuple[int, int]]:
    """Return the spans of the units that a text keeps, in characters."""
    return cut_units(find_units(text, adapter.unit), adapter.max_steps, adapter.cut)


def folded(adapter: "Adapter", raw: str) -> str:
    """Return a unit as the vocabulary has it: in one Unicode form and in small letters if so set."""
    if adapter.normalize and not raw.isascii():
        raw = _STRIPPED.sub("", unicodedata.normalize(adapter.normalize, raw))
    return raw.lower() if adapter.lowercase else raw


def words_of(adapter: "Adapter", text: str) -> list[str]:
    """Return the units that a text keeps, as the vocabulary has them."""
    return [folded(adapter, text[start:stop]) for start, stop in units_of(adapter, text)]


def frequent_units(adapter: "Adapter", texts: list[str]) -> list[str]:
    """Return the units that an adapter learns from texts, the frequent ones first."""
    # Made one text at a time: the words of all texts can be far larger than the texts.
    counts = Counter(unit for text in texts for unit in words_of(adapter, text))
    # The unit of a text without one, which is unknown.
    counts.pop("", None)
    least = adapter.min_count or (2 if adapter.unit == "subword" and len(texts) >= _MANY_TEXTS else 1)
    if adapter.min_count is None and least == 1:
        _warn_of_many_seen_once(counts)
    frequent = sorted((-n, unit) for unit, n in counts.items() if n >= least)[: adapter.max_tokens]
    if not frequent:
        raise ValueError(f"a {adapter.unit} must occur min_count={least} times, none does; lower min_count.")
    return [unit for _, unit in frequent]


def _warn_of_many_seen_once(counts):
    """Warn of a vocabulary of numbers and names of a log, far more than the half that ordinary texts have once."""
    n_once = sum(n == 1 for n in counts.values())
    if n_once > max(_MANY_ONCE, _MOST_ONCE * len(counts)):
        warnings.warn(
            f"{n_once:,} of {len(counts):,} units occur once, such as numbers of a log, and each has a vector of its own; "
            "min_count=2 leaves them out.",
            stacklevel=1,
        )


def token_ids(adapter: "Adapter", texts: list[str]) -> np.ndarray:
    """Return the ids of checked texts; see `TextAdapter.transform`."""
    packed = packed_ids(adapter, texts)
    _check_size(texts, packed)
    return packed[:]


def packed_ids(adapter: "Adapter", texts: list[str]) -> PackedIds:
    """Return the ids of checked texts; each distinct unit is held once."""
    numbers, pieces = {}, []  # of the distinct raw units of this call
    # A list would take twice the memory.
    units = array("i")
    lengths, n_left_out = np.zeros((2, len(texts)), int)
    for case, text in enumerate(texts):
        whole = find_units(text, adapter.unit)
        spans = cut_units(whole, adapter.max_steps, adapter.cut)
        lengths[case], n_left_out[case] = len(spans), len(whole) - len(spans)
        for start, stop in spans:
            raw = text[start:stop]
            if raw not in numbers:
                numbers[raw] = len(pieces)
                pieces.append(_pieces(adapter, raw))
            units.append(numbers[raw])
    units, pieces = np.array(units, np.int32), _filled(pieces)  # (n_real_steps,), (n_distinct, n_pieces)
    if adapter.unit != "subword":
        return PackedIds(units, lengths, pieces[:, 0])
    first = lengths.cumsum() - lengths
    before = np.roll(units, 1)
    # No unit is the number after the last.
    before[first] = len(numbers)
    # The step after the cut has no step before it either.
    if adapter.cut == "middle":
        before[(first + lengths - lengths // 2)[(n_left_out > 0) & (lengths > 1)]] = len(numbers)
    return PackedIds(units, lengths, pieces, _pairs(adapter, before, units, [*numbers, ""]), PAIR)


def _pieces(adapter, raw):
    """Return a unit's own id and, for a subword, those of its shape and its n-grams."""
    unit = folded(adapter, raw)
    own = adapter.vocabulary_.get(unit, UNKNOWN)
    if adapter.unit != "subword":
        return [own]
    first = FIRST + len(adapter.vocabulary_)
    n_grams = n_gram_buckets(unit, adapter.n_grams, adapter.n_buckets, adapter.max_pieces - 3)
    return [own, first + adapter.n_buckets + shape_bucket(raw), 0, *(first + i for i in n_grams)]


def _pairs(adapter, before, units, raws):
    """Return the ids of units with the ones before them, both given by their number in `raws`."""
    words = [folded(adapter, raw) for raw in raws]
    pairs, where = np.unique(before * np.int64(len(raws)) + units, return_inverse=True)
    first = FIRST + len(adapter.vocabulary_) + adapter.n_buckets + N_SHAPES
    numbers = zip(*(n.tolist() for n in np.divmod(pairs, len(raws))), strict=True)
    return np.array([first + pair_bucket(words[a], words[b]) for a, b in numbers], np.int32)[where]


def _check_size(texts, packed):
    """Raise before the memory is requested that one endless text among many would need."""
    if math.prod(packed.shape) > _MOST_IDS:
        longest = int(packed.lengths.argmax())
        raise ValueError(
            f"all texts become as long as the longest: {len(texts):,} of {packed.shape[1]:,} steps, for the one that "
            f"begins {texts[longest]!r:.40}, are over {_MOST_IDS:,} ids; set max_steps to cut longer ones."
        )


def _filled(rows):
    """Return lists of unequal lengths as one int32 array with 0 at their ends."""
    lengths = np.array([len(row) for row in rows])
    filled = np.zeros((len(rows), lengths.max()), np.int32)
    filled[np.arange(lengths.max()) < lengths[:, None]] = list(chain.from_iterable(rows))
    return filled
