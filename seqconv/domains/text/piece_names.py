"""Names of the ids that texts have: hashed ids can only be named by what was hashed."""

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from seqconv.domains.text.token_ids import FIRST, UNKNOWN, folded, units_of
from seqconv.domains.text.tokens import n_gram_buckets, n_grams_of, shape_bucket, word_shape

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter

# Name of the unit of a text without one.
_EMPTY = "(empty)"


def piece_names(adapter: "Adapter", texts: list[str]) -> dict[int, list[str]]:
    """Return what texts have under each id, the frequent first; see `TextAdapter.names`."""
    raws = Counter(text[start:stop] for text in texts for start, stop in units_of(adapter, text))
    names: defaultdict[int, Counter[str]] = defaultdict(Counter)
    first = FIRST + len(adapter.vocabulary_)
    for raw, n in raws.items():
        unit = folded(adapter, raw)
        names[adapter.vocabulary_.get(unit, UNKNOWN)][unit or _EMPTY] += n
        if adapter.unit == "subword":
            names[first + adapter.n_buckets + shape_bucket(raw)][word_shape(raw) or _EMPTY] += n
            settings = tuple(adapter.n_grams), adapter.max_pieces - 3
            buckets = n_gram_buckets(unit, settings[0], adapter.n_buckets, settings[1])
            for bucket, gram in zip(buckets, n_grams_of(unit, *settings), strict=True):
                names[first + bucket][gram] += n
    return {number: [name for name, _ in found.most_common()] for number, found in names.items()}
