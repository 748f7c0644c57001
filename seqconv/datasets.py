"""Real data sets, downloaded and verified (``load_*``), and synthetic ones from a seed (``make_*``)."""

import importlib
from typing import TYPE_CHECKING, Any

from seqconv.near_names import unknown

if TYPE_CHECKING:
    from seqconv.domains.audio.datasets import load_esc10, load_spoken_digits
    from seqconv.domains.audio.folders import list_audio
    from seqconv.domains.audio.synthetic import make_audio
    from seqconv.domains.finance.datasets import load_prices, split_prices
    from seqconv.domains.finance.synthetic_order_book import make_order_book
    from seqconv.domains.finance.synthetic_prices import make_prices
    from seqconv.domains.home import data_home
    from seqconv.domains.medical.datasets import load_eye_state, load_heartbeat_records, load_heartbeats
    from seqconv.domains.medical.synthetic import make_heartbeats
    from seqconv.domains.series.datasets import load_ucr, load_uea
    from seqconv.domains.series.synthetic import make_series
    from seqconv.domains.text.datasets import load_agnews_test, load_sentences, load_sms_spam
    from seqconv.domains.text.messages import make_messages
    from seqconv.domains.text.tickets import make_tickets

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
    "names",
    "split_prices",
]

# Modules of the names, loaded when they are first used, so that one domain does not load the libraries of the others.
_MODULES = {
    "data_home": "seqconv.domains.home",
    "list_audio": "seqconv.domains.audio.folders",
    "load_agnews_test": "seqconv.domains.text.datasets",
    "load_esc10": "seqconv.domains.audio.datasets",
    "load_eye_state": "seqconv.domains.medical.datasets",
    "load_heartbeat_records": "seqconv.domains.medical.datasets",
    "load_heartbeats": "seqconv.domains.medical.datasets",
    "load_prices": "seqconv.domains.finance.datasets",
    "load_sentences": "seqconv.domains.text.datasets",
    "load_sms_spam": "seqconv.domains.text.datasets",
    "load_spoken_digits": "seqconv.domains.audio.datasets",
    "load_ucr": "seqconv.domains.series.datasets",
    "load_uea": "seqconv.domains.series.datasets",
    "make_audio": "seqconv.domains.audio.synthetic",
    "make_heartbeats": "seqconv.domains.medical.synthetic",
    "make_messages": "seqconv.domains.text.messages",
    "make_order_book": "seqconv.domains.finance.synthetic_order_book",
    "make_prices": "seqconv.domains.finance.synthetic_prices",
    "make_series": "seqconv.domains.series.synthetic",
    "make_tickets": "seqconv.domains.text.tickets",
    "split_prices": "seqconv.domains.finance.datasets",
}


def names() -> list[str]:
    """Return the names of the functions that load real data sets.

    Examples
    --------
    >>> names()[:3]
    ['load_agnews_test', 'load_esc10', 'load_eye_state']
    """
    return sorted(name for name in _MODULES if name.startswith("load_"))


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise unknown(__name__, name, __all__)
    return getattr(importlib.import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
