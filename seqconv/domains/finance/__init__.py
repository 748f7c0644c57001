"""Prices and order books: files, channels, labels, adapters and data sets."""
