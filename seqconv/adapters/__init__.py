"""Raw records to arrays: scikit-learn transformers that keep the number and order of cases."""

from seqconv.adapters.text import TextAdapter

__all__ = ["TextAdapter"]
