"""Named sets: real ones, fetched and verified (``load_*``), and made-up ones from a seed (``make_*``)."""

from seqconv.datasets.archives import load_ucr, load_uea
from seqconv.datasets.audio import list_audio, load_esc10, load_spoken_digits
from seqconv.datasets.cache import data_home
from seqconv.datasets.finance import load_prices, split_prices
from seqconv.datasets.made import make_messages, make_series
from seqconv.datasets.made_audio import make_audio
from seqconv.datasets.made_heartbeats import make_heartbeats
from seqconv.datasets.made_order_book import make_order_book
from seqconv.datasets.made_prices import make_prices
from seqconv.datasets.medical import load_eye_state, load_heartbeat_records, load_heartbeats
from seqconv.datasets.text import load_agnews_test, load_sentences, load_sms_spam
from seqconv.datasets.tickets import make_tickets

__all__ = [
    "data_home",
    "list_audio",
    "load_agnews_test",
    "load_esc10",
    "load_eye_state",
    "load_heartbeat_records",
    "load_heartbeats",
    "load_prices",
    "load_sentences",
    "load_sms_spam",
    "load_spoken_digits",
    "load_ucr",
    "load_uea",
    "make_audio",
    "make_heartbeats",
    "make_messages",
    "make_order_book",
    "make_prices",
    "make_series",
    "make_tickets",
    "split_prices",
]
