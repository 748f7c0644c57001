"""Units, limits of the converter and the choice of leads, for the readers of electrical recordings."""

from collections.abc import Sequence

import numpy as np

# Number of each unit, in small letters, in a millivolt. Unicode has two signs for micro.
_PER_MILLIVOLT = {"mv": 1.0, "uv": 1e3, "\u00b5v": 1e3, "\u03bcv": 1e3, "v": 1e-3}


def per_millivolt(unit: str) -> float | None:
    """Return the number of a unit in a millivolt, or None if the unit is not of volts.

    Parameters
    ----------
    unit : str
        ``"mV"``, ``"uV"`` or ``"V"``, in small or large letters except ``"MV"``, a million volts.

    Returns
    -------
    float or None

    Examples
    --------
    >>> per_millivolt("UV"), per_millivolt("mv"), per_millivolt("MV")
    (1000.0, 1.0, None)
    """
    return None if unit.startswith(("M", "\u039c")) else _PER_MILLIVOLT.get(unit.lower())


def converter_limits(signal: np.ndarray, least: float, most: float, n_levels: int) -> tuple[float, float]:
    """Return the limits that a file gives for a lead, NaN if they are extremes of the lead and not of a converter.

    Programs that write a signal anew often stretch it over all numbers of the format, so that its highest wave is at
    the limit. A converter's limits are symmetric around 0, a signal's own almost never.

    Parameters
    ----------
    signal : array of shape (n_samples,)
    least, most : float
        Limits in the unit of the signal.
    n_levels : int
        Number of values of the format between the limits.

    Returns
    -------
    least, most : float

    Examples
    --------
    >>> wave = np.array([-0.4, 0.1, 1.3])
    >>> converter_limits(wave, -5, 5, 2048), converter_limits(wave, -0.4, 1.3, 2048)
    ((-5.0, 5.0), (nan, nan))
    """
    step = (most - least) / max(1, n_levels - 1)
    reaches_both = np.nanmin(signal) <= least + 1.5 * step and np.nanmax(signal) >= most - 1.5 * step
    is_even = abs(least + most) <= max(0.01 * (most - least), 1.5 * step)
    return (np.nan, np.nan) if reaches_both and not is_even else (float(least), float(most))


def choose_leads(names: list[str], wanted: Sequence[str] | None, place: object) -> list[int]:
    """Return the positions of the wanted leads in a record.

    Parameters
    ----------
    names : list of str
        Leads of the record.
    wanted : sequence of str or None
        None takes all, as do all names in their order, even if two are equal.
    place : str or path
        Name of the file, for the message.

    Returns
    -------
    list of int

    Raises
    ------
    TypeError
        If `wanted` is not a list of names.
    ValueError
        If a wanted lead does not occur exactly once, or none is wanted.

    Examples
    --------
    >>> choose_leads(["MLII", "V1"], ["V1"], "119.hea")
    [1]
    """
    if wanted is None or (isinstance(wanted, list | tuple) and [*wanted] == [*names]):
        return list(range(len(names)))
    if isinstance(wanted, str) or not all(isinstance(name, str) for name in wanted):
        raise TypeError(f"leads must be a list of names, such as ['MLII'], got {wanted!r:.60}.")
    if not wanted:
        raise ValueError("leads must name at least one lead, got none; None takes all.")
    for name in wanted:
        if names.count(name) != 1:
            times = "no" if name not in names else "more than one"
            raise ValueError(f"{place}: a lead {name!r} is required once, got {times} such lead among {names}.")
    return [names.index(name) for name in wanted]
