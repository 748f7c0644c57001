"""Annotations of WFDB records, and the way to the wfdb package."""

import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np


def call_wfdb(path: Path, what: str, name: str, *args: Any, **options: Any) -> Any:
    """Call a function of wfdb by its name; its errors become those of a file.

    Raises
    ------
    ImportError
        If wfdb is not installed.
    ValueError
        If `what` cannot be decoded.
    FileNotFoundError
        If a file does not exist.
    """
    try:
        with warnings.catch_warnings():
            # wfdb uses a keyword that pandas will drop.
            warnings.simplefilter("ignore")
            import wfdb
    except ImportError as error:
        raise ImportError("reading WFDB records needs wfdb: pip install seqconv[medical]") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(wfdb, name)(*args, **options)
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{path}: a file of the record must exist, got {error.filename}.") from error
    # wfdb meets nonsense with errors of many kinds.
    except Exception as error:
        raise ValueError(f"{path}: the {what} cannot be decoded ({error}).") from error


def read_wfdb_annotations(
    header: Path, annotator: str | None, rate_of_header: float, rate_hz: float
) -> tuple[Any, Any, Any]:
    """Return sample numbers at a rate, symbols and texts of an annotation file; nothing if there is no such file.

    Parameters
    ----------
    header : pathlib.Path
    annotator : str or None
        Ending of the file.
    rate_of_header, rate_hz : float
        Rate of the annotations if their file does not say another one, and the wanted rate.

    Raises
    ------
    ValueError
        If the file is cut.

    Warns
    -----
    UserWarning
        If the annotations are not in order of time, or have unknown codes.
    """
    if annotator is None:
        return (), (), None
    if not isinstance(annotator, str) or not re.fullmatch(r"\w{1,20}", annotator):
        raise ValueError(f"annotator must be the ending of a file, such as 'atr', got {annotator!r}.")
    path = header.with_suffix(f".{annotator}")
    if not path.exists():
        return (), (), None
    _check_annotations(path)
    found = call_wfdb(path, "annotations", "rdann", str(header.with_suffix("")), annotator)
    # The file can have a rate of its own; without one, that of the header counts.
    samples = np.round(np.asarray(found.sample, np.int64) * (rate_hz / (found.fs or rate_of_header)))
    symbols = np.array([symbol if isinstance(symbol, str) else "" for symbol in found.symbol], dtype=str)
    if (symbols == "").any():
        warnings.warn(f"{path}: {(symbols == '').sum()} annotations have unknown codes, so no symbol.", stacklevel=3)
    order = np.argsort(samples, kind="stable")
    if (np.diff(order) < 0).any():
        warnings.warn(f"{path}: the annotations are not in order of time; they are sorted.", stacklevel=3)
    texts = np.array([text.strip("\0 ") for text in found.aux_note], dtype=str)
    return samples.astype(np.int64)[order], symbols[order], texts[order]


def _check_annotations(path):
    """Raise if annotations, field by field, do not end with zeros, or if wfdb would read them for ever."""
    data = path.read_bytes()
    words = np.frombuffer(data[: len(data) // 2 * 2], "<u2")
    place, n_rates = 0, 0
    while place < len(words) and words[place]:
        code, value = words[place] >> 10, int(words[place] & 1023)
        text = data[2 * place + 2 : 2 * place + 2 + value] if code == 63 else b""
        n_rates += text.startswith(b"## time resolution")
        if text.startswith(b"## ") and (n_rates > 1 or not re.match(rb"## (time r|annotation t|end of d)", text)):
            raise ValueError(f"{path}: a text about the annotations must be known and be there once, got {text!r:.60}.")
        # Code 59 is a long interval, 63 a text.
        place += 1 + (2 if code == 59 else (value + 1) // 2 if code == 63 else 0)
    if len(data) % 2 or place >= len(words) or words[place:].any():
        raise ValueError(f"{path}: the annotations must end with two zero bytes and there alone; fetch the file again.")
