"""Readers of files that people have: the series archives' ``.tsv`` and ``.ts``, and word vectors."""

from seqconv.formats.archives import read_ts, read_tsv

__all__ = ["read_ts", "read_tsv"]
