"""Readers of files that people have: series archives, sound, prices, order books, electrical recordings, word vectors."""

from seqconv.formats.archives import read_ts, read_tsv
from seqconv.formats.arff import read_arff
from seqconv.formats.audio import read_audio
from seqconv.formats.edf import read_edf
from seqconv.formats.heartbeats import read_heartbeats
from seqconv.formats.order_books import read_order_book
from seqconv.formats.prices import read_prices
from seqconv.formats.wfdb import read_wfdb

__all__ = [
    "read_arff",
    "read_audio",
    "read_edf",
    "read_heartbeats",
    "read_order_book",
    "read_prices",
    "read_ts",
    "read_tsv",
    "read_wfdb",
]
