"""Texts: records, tokens, word vectors, adapter and data sets."""
