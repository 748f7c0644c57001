"""Raw records to arrays: scikit-learn transformers that keep the number and order of cases."""

from seqconv.adapters.audio import AudioAdapter
from seqconv.adapters.finance import PriceAdapter
from seqconv.adapters.medical import ECGAdapter
from seqconv.adapters.order_book import OrderBookAdapter
from seqconv.adapters.text import TextAdapter

__all__ = ["AudioAdapter", "ECGAdapter", "OrderBookAdapter", "PriceAdapter", "TextAdapter"]
