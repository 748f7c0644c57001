"""Names of leads, their units and the limits of their converter, for the readers of electrical recordings."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

# Number of each unit, in small letters, in a millivolt. Unicode has two signs for micro.
_PER_MILLIVOLT = {"mv": 1.0, "uv": 1e3, "\u00b5v": 1e3, "\u03bcv": 1e3, "v": 1e-3, "nv": 1e6}
# Names of one electrode: recorders of Holter leads write ML2 or MLII, Brazilian ones D2 or DII; T3 was renamed T7.
_ALIASES = {"t3": "t7", "t4": "t8", "t5": "p7", "t6": "p8"}
_ALIASES |= {
    f"{before}{number}": roman for roman, arabic in (("i", "1"), ("ii", "2"), ("iii", "3"))
    for before in ("ml", "d") for number in (roman, arabic)
}  # fmt: skip
_ALIASES |= {"leadi": "i", "leadii": "ii", "leadiii": "iii"}
_ALIASES |= {f"m{chest}": chest for chest in ("v1", "v2", "v3", "v4", "v5", "v6")}


def per_millivolt(unit: str) -> float | None:
    """Return the number of a unit in a millivolt, or None if the unit is not of volts.

    Parameters
    ----------
    unit : str
        ``"mV"``, ``"uV"``, ``"nV"`` or ``"V"``, in small or large letters except ``"MV"``, a million volts.

    Returns
    -------
    float or None

    Examples
    --------
    >>> per_millivolt("UV"), per_millivolt("mv"), per_millivolt("MV")
    (1000.0, 1.0, None)
    """
    return None if unit.startswith(("M", "\u039c")) else _PER_MILLIVOLT.get(unit.lower())


def plain_name(name: str) -> str:
    """Return one spelling for all names of a lead.

    Parameters
    ----------
    name : str
        Name in a file; the size of letters, dots, blanks and the words ECG, EKG and EEG in front do not count.

    Returns
    -------
    str

    Examples
    --------
    >>> plain_name("MLII") == plain_name("ECG II"), plain_name("AVR") == plain_name("aVR")
    (True, True)
    """
    short = re.sub(r"^(ecg|ekg|eeg)\s+|[\s._]", "", name.casefold().strip())
    return _ALIASES.get(short, short)


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


def choose_leads(
    names: Sequence[str], wanted: Sequence[str] | None, place: object, missing_leads: str = "raise"
) -> list[int | None]:
    """Return the positions of the wanted leads in a record, by their names or aliases.

    Parameters
    ----------
    names : sequence of str
        Leads of the record.
    wanted : sequence of str or None
        None takes all, as do all names in their order, even if two are equal.
    place : str or path
        Name of the file, for the message.
    missing_leads : {"raise", "nan"}, default="raise"
        Raise if the record lacks a lead, or give it the position None.

    Returns
    -------
    list of int or None

    Raises
    ------
    TypeError
        If `wanted` is not a list of names.
    ValueError
        If a wanted lead does not occur exactly once, or none is wanted or there.

    Examples
    --------
    >>> choose_leads(["MLII", "V1"], ["V1", "II"], "119.hea")
    [1, 0]
    """
    if wanted is None or (isinstance(wanted, list | tuple) and [*wanted] == [*names]):
        return list(range(len(names)))
    if isinstance(wanted, str) or not all(isinstance(name, str) for name in wanted):
        raise TypeError(f"leads must be a list of names, such as ['MLII'], got {wanted!r:.60}.")
    if not wanted:
        raise ValueError("leads must name at least one lead, got none; None takes all.")
    positions = [_position(names, name) for name in wanted]
    for name, found in zip(wanted, positions, strict=True):
        if len(found) > 1 or (not found and (missing_leads != "nan" or not any(positions))):
            times = "more than one" if found else "no"
            raise ValueError(f"{place}: a lead {name!r} is required once, got {times} such lead among {[*names]}.")
    return [found[0] if found else None for found in positions]


def _position(names, wanted):
    """Return the positions of a name, or else of its aliases."""
    exact = [i for i, name in enumerate(names) if name == wanted]
    return exact or [i for i, name in enumerate(names) if plain_name(name) == plain_name(wanted)]


def common_leads(sets: Sequence[Sequence[str]], union: bool = False) -> tuple[tuple[str, ...], list[str]]:
    """Return the leads that all records have, and those that are left out so.

    Parameters
    ----------
    sets : list of sequences of str
        Leads of each record.
    union : bool, default=False
        Take the leads that any record has.

    Returns
    -------
    leads : tuple of str
        In the order and spelling of the first record that has them. If there are none, those of the record whose leads
        most other records have.
    left_out : list of str

    Examples
    --------
    >>> common_leads([["II", "V1"], ["MLII", "V5"]])
    (('II',), ['V1', 'V5'])
    """
    plain = [[plain_name(name) for name in names] for names in sets]
    if all(names == plain[0] for names in plain):
        return tuple(sets[0]), []
    spelled, count = {}, Counter()
    for names, keys in zip(sets, plain, strict=True):
        count.update(key for key, times in Counter(keys).items() if times == 1)
        for name, key in zip(names, keys, strict=True):
            spelled.setdefault(key, name)
    chosen = [key for key in spelled if count[key] == len(sets) or (union and count[key])]
    if not chosen:
        best = max(range(len(sets)), key=lambda i: sum(set(plain[i]) <= set(names) for names in plain))
        return tuple(sets[best]), []
    return tuple(spelled[key] for key in chosen), [name for key, name in spelled.items() if key not in chosen]
