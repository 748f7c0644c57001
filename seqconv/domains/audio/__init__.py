"""Sounds: files, features, adapter and data sets."""
