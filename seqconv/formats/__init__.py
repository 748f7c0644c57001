"""Readers of files that people have: the series archives' ``.tsv`` and ``.ts``, sound, prices, order books, word vectors."""

from seqconv.formats.archives import read_ts, read_tsv
from seqconv.formats.audio import read_audio
from seqconv.formats.order_books import read_order_book
from seqconv.formats.prices import read_prices

__all__ = ["read_audio", "read_order_book", "read_prices", "read_ts", "read_tsv"]
