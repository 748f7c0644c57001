"""Adapters from raw records to arrays: scikit-learn transformers that keep the number and order of cases."""

import importlib
from typing import TYPE_CHECKING, Any

from seqconv.near_names import unknown

if TYPE_CHECKING:
    from seqconv.domains.audio.audio_adapter import AudioAdapter
    from seqconv.domains.finance.order_book_adapter import OrderBookAdapter
    from seqconv.domains.finance.price_adapter import PriceAdapter
    from seqconv.domains.medical.ecg_adapter import ECGAdapter
    from seqconv.domains.text.text_adapter import TextAdapter

__all__ = [
    "AudioAdapter",
    "ECGAdapter",
    "OrderBookAdapter",
    "PriceAdapter",
    "TextAdapter",
]

# Modules of the names, loaded when they are first used, so that one domain does not load the libraries of the others.
_MODULES = {
    "AudioAdapter": "seqconv.domains.audio.audio_adapter",
    "ECGAdapter": "seqconv.domains.medical.ecg_adapter",
    "OrderBookAdapter": "seqconv.domains.finance.order_book_adapter",
    "PriceAdapter": "seqconv.domains.finance.price_adapter",
    "TextAdapter": "seqconv.domains.text.text_adapter",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise unknown(__name__, name, __all__)
    return getattr(importlib.import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
