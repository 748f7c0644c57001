"""Electrocardiograms and other electrical recordings: files, beats, adapter and data sets."""
