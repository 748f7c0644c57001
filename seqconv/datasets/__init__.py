"""Named sets: real ones, fetched and verified (``load_*``), and made-up ones from a seed (``make_*``)."""

from seqconv.datasets.archives import load_ucr, load_uea
from seqconv.datasets.cache import data_home
from seqconv.datasets.made import make_messages, make_series
from seqconv.datasets.text import load_sentences, load_sms_spam

__all__ = ["data_home", "load_sentences", "load_sms_spam", "load_ucr", "load_uea", "make_messages", "make_series"]
