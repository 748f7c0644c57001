"""Columns of 0 and 1 in a table, as labels of which a case may have several."""

import pandas as pd


def several_labels(values: list[list], names: list[str]) -> pd.DataFrame:
    """Return labels of several columns as a data frame of 0 and 1.

    Raises
    ------
    ValueError
        If a value is neither 0 nor 1, nor True nor False.

    Examples
    --------
    >>> several_labels([["1", "0"], ["True", "1.0"]], ["dog", "rain"]).to_numpy().tolist()
    [[1, 0], [1, 1]]
    """
    known = {"true": 1, "false": 0, "1": 1, "0": 0, "1.0": 1, "0.0": 0}
    rows = [[known.get(str(value).lower()) for value in row] for row in values]
    odd = next((row for row, found in zip(values, rows, strict=True) if None in found), None)
    if odd is not None:
        raise ValueError(
            f"the columns {', '.join(map(str, names))} must be 0 or 1, got {odd}; name one column as label."
        )
    return pd.DataFrame(rows, columns=names)
