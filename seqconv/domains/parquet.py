"""Tables of Parquet files."""

import os

import pandas as pd


def read_parquet(path: str | os.PathLike) -> pd.DataFrame:
    """Read a Parquet file.

    Raises
    ------
    ImportError
        If no library that reads Parquet is installed.
    ValueError
        If the file is not Parquet that can be read.
    """
    try:
        return pd.read_parquet(path)
    except ImportError as error:
        raise ImportError(f"{path}: Parquet needs pyarrow: pip install seqconv[parquet], or save as CSV.") from error
    except OSError as error:
        raise ValueError(f"the file must be Parquet that can be read: {error}") from error
