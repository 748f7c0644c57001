"""Your own texts on the command line: a CSV file with a column of texts and one of labels."""

import sys
import warnings

import numpy as np
import pandas as pd

from seqconv.adapters import TextAdapter
from seqconv.data import SequenceSet

TOKEN = r"\w+|[^\w\s]+"  # of the baselines: single letters and emoticons, too, which may be all that a text has
_FEWEST = 5  # so that training and test get their share of each label


def add_options(parser):
    parser.add_argument("--csv", metavar="FILE", help="your own texts: a CSV file in UTF-8, its first line the columns")
    parser.add_argument("--text", metavar="COLUMN", default="text", help="column of the texts, default: text")
    parser.add_argument("--label", metavar="COLUMN", default="label", help="column of the labels, default: label")


def read_options(parser, options, allowed=None):
    """The texts that the options name, None where they name none; what is wrong with them ends the script."""
    if options.csv is None:
        return None
    if options.data == "real":
        return parser.error("argument --csv: your own texts and --data real exclude each other")
    try:
        return read_texts(options.csv, options.text, options.label, allowed)
    except (OSError, ValueError) as error:
        return parser.error(f"argument --csv: {error}")


def escape_unknown_signs():
    """Let what is printed hold any sign of a text: those that the terminal lacks are escaped, where it can be told so."""
    if hasattr(sys.stdout, "reconfigure"):  # not in a notebook
        sys.stdout.reconfigure(errors="backslashreplace")


def read_texts(path, text, label, allowed=None):
    """Texts, each once, and labels of a CSV file; an error names file, column and row."""
    table = _read_table(path)
    for column in (text, label):
        if column not in table:
            raise ValueError(f"{path} must have a column {column!r}, it has {', '.join(map(repr, table))}.")
    for row, (one, its_label) in enumerate(zip(table[text], table[label], strict=True), 1):
        try:
            TextAdapter().check([one])
        except (TypeError, ValueError) as error:
            fault = str(error).replace("case 0", "this one")
            raise ValueError(f"{path}, column {text!r}, row {row} below the header: {fault}") from error
        if not isinstance(its_label, str) or not its_label.strip() or (allowed and its_label not in allowed):
            needed = f"one of {', '.join(allowed)}" if allowed else "given"
            place = f"{path}, column {label!r}, row {row} below the header"
            raise ValueError(f"{place}: a label must be {needed}, got {its_label!r:.40}.")
    kept = table.drop_duplicates(text)  # a text that is trained on and tested makes figures too good
    counts = kept[label].value_counts()
    if len(counts) < 2 or counts.iloc[-1] < _FEWEST:
        few = f"{counts.index[-1]!r} has {counts.iloc[-1]}" if len(counts) > 1 else f"there are {len(counts)}"
        raise ValueError(
            f"{path}, column {label!r}: two labels of {_FEWEST} different texts or more are required, {few}."
        )
    if len(kept) < len(table):
        other = (table[label] != table[text].map(kept.set_index(text)[label])).sum()
        print(f"{path}: {len(table) - len(kept):,} repeats of a text dropped, {other:,} of them with another label.")
    return SequenceSet(kept[text].tolist(), np.array(kept[label].tolist()))


def _read_table(path):
    with warnings.catch_warnings():
        # pandas would drop what stands behind a comma too many.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        try:
            return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", index_col=False)
        except (ValueError, pd.errors.ParserWarning) as error:
            raise ValueError(
                f"{path} must be a CSV file in UTF-8, texts with commas in quotes: {str(error).strip()}"
            ) from error
