"""Domains: files, adapters and data sets of each kind of sequence."""
