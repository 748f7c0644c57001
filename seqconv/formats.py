"""Readers of tables, texts, series archives, sound, prices, order books and electrical recordings, and cutters of cases."""

import importlib
from typing import TYPE_CHECKING, Any

from seqconv.near_names import unknown

if TYPE_CHECKING:
    from seqconv.data.channels_first import from_channels_first
    from seqconv.data.stitched import step_times, stitch_windows
    from seqconv.data.windows import windows
    from seqconv.domains.arff import read_arff
    from seqconv.domains.audio.reading import read_audio
    from seqconv.domains.finance.order_book_csv import read_order_book
    from seqconv.domains.finance.prices_csv import read_prices
    from seqconv.domains.medical.edf import read_edf
    from seqconv.domains.medical.header_labels import read_header_labels
    from seqconv.domains.medical.heartbeats_csv import read_heartbeats
    from seqconv.domains.medical.mat import read_mat
    from seqconv.domains.medical.wfdb import read_wfdb
    from seqconv.domains.series.archives import read_ts, read_tsv
    from seqconv.domains.series.case_folder import read_case_folder
    from seqconv.domains.series.frames_to_cases import frames_to_cases
    from seqconv.domains.text.labelled_texts import read_texts

__all__ = [
    "frames_to_cases",
    "from_channels_first",
    "read_arff",
    "read_audio",
    "read_case_folder",
    "read_edf",
    "read_header_labels",
    "read_heartbeats",
    "read_mat",
    "read_order_book",
    "read_prices",
    "read_texts",
    "read_ts",
    "read_tsv",
    "read_wfdb",
    "step_times",
    "stitch_windows",
    "windows",
]

# Modules of the names, loaded when they are first used, so that one domain does not load the libraries of the others.
_MODULES = {
    "frames_to_cases": "seqconv.domains.series.frames_to_cases",
    "from_channels_first": "seqconv.data.channels_first",
    "read_arff": "seqconv.domains.arff",
    "read_audio": "seqconv.domains.audio.reading",
    "read_case_folder": "seqconv.domains.series.case_folder",
    "read_edf": "seqconv.domains.medical.edf",
    "read_header_labels": "seqconv.domains.medical.header_labels",
    "read_heartbeats": "seqconv.domains.medical.heartbeats_csv",
    "read_mat": "seqconv.domains.medical.mat",
    "read_order_book": "seqconv.domains.finance.order_book_csv",
    "read_prices": "seqconv.domains.finance.prices_csv",
    "read_texts": "seqconv.domains.text.labelled_texts",
    "read_ts": "seqconv.domains.series.archives",
    "read_tsv": "seqconv.domains.series.archives",
    "read_wfdb": "seqconv.domains.medical.wfdb",
    "step_times": "seqconv.data.stitched",
    "stitch_windows": "seqconv.data.stitched",
    "windows": "seqconv.data.windows",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise unknown(__name__, name, __all__)
    return getattr(importlib.import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
