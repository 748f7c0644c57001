"""Token ids of texts by the parameters and the vocabulary of a TextAdapter."""

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from seqconv.domains.text.tokens import (
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
_MOST_IDS = 1 << 31  # 8 GiB


def count_tokens(adapter: "Adapter", n_words: int) -> int:
    """Return the number of ids: the special ones, the vocabulary and the buckets of subwords."""
    return FIRST + n_words + (adapter.n_buckets + N_SHAPES + N_PAIRS if adapter.unit == "subword" else 0)


def units_of(adapter: "Adapter", text: str) -> list[tuple[int, int]]:
    """Return the spans of the units that a text keeps, in characters."""
    return cut_units(find_units(text, adapter.unit), adapter.max_steps, adapter.cut)


def folded(adapter: "Adapter", raw: str) -> str:
    """Return a unit as the vocabulary has it, in small letters if so set."""
    return raw.lower() if adapter.lowercase else raw


def token_ids(adapter: "Adapter", texts: list[str]) -> np.ndarray:
    """Return the ids of checked texts; see `TextAdapter.transform`."""
    numbers, pieces = {}, []  # of the distinct raw units of this call
    units, (lengths, n_left_out) = [], np.zeros((2, len(texts)), int)
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
    units, pieces = np.array(units), _filled(pieces)  # (n_real_steps,), (n_distinct, n_pieces)
    _check_size(texts, lengths, pieces.shape[1])
    # Most of the array can be padding, so that only real steps are written.
    ids = np.zeros((len(texts), lengths.max(), pieces.shape[1]), np.int32)  # (n_cases, n_steps, n_pieces)
    first = np.repeat(lengths.cumsum() - lengths, lengths)  # of the case of each real step
    case, step = np.repeat(np.arange(len(texts)), lengths), np.arange(len(units)) - first
    ids[case, step] = pieces[units]
    if adapter.unit != "subword":
        return ids[:, :, 0]
    is_first = step == 0
    # The step after the cut has no step before it either.
    if adapter.cut == "middle":
        is_first |= (n_left_out[case] > 0) & (step == lengths[case] - lengths[case] // 2)
    before = np.where(is_first, len(numbers), np.roll(units, 1))
    ids[case, step, PAIR] = _pairs(adapter, before, units, [*numbers, ""])
    return ids


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
    pairs, where = np.unique(before * len(raws) + units, return_inverse=True)
    first = FIRST + len(adapter.vocabulary_) + adapter.n_buckets + N_SHAPES
    numbers = zip(*(n.tolist() for n in np.divmod(pairs, len(raws))), strict=True)
    return np.array([first + pair_bucket(words[a], words[b]) for a, b in numbers], np.int32)[where]


def _check_size(texts, lengths, n_pieces):
    """Raise before the memory is requested that one endless text among many would need."""
    if len(texts) * int(lengths.max()) * n_pieces > _MOST_IDS:
        longest = int(lengths.argmax())
        raise ValueError(
            f"all texts become as long as the longest: {len(texts):,} of {lengths[longest]:,} steps, for the one that "
            f"begins {texts[longest]!r:.40}, are over {_MOST_IDS:,} ids; set max_steps to cut longer ones."
        )


def _filled(rows):
    """Return lists of unequal lengths as one int32 array with 0 at their ends."""
    lengths = np.array([len(row) for row in rows])
    filled = np.zeros((len(rows), lengths.max()), np.int32)
    filled[np.arange(lengths.max()) < lengths[:, None]] = list(chain.from_iterable(rows))
    return filled
