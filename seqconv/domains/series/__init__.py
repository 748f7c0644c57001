"""Archives of series: files and data sets."""
