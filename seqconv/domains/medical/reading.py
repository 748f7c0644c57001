"""From the leads of a file, in their own units and at their own rates, to one recording in millivolt."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from seqconv.arguments import choice
from seqconv.data.recording import Recording
from seqconv.data.resampling import rate_ratio, resample
from seqconv.domains.medical.filtering import hide_lost_contact
from seqconv.domains.medical.leads import choose_leads, converter_limits, per_millivolt


class RawLead(NamedTuple):
    """Values of a lead in the unit of the file, its rate, and the limits and number of levels of its converter."""

    values: np.ndarray
    rate_hz: float
    limits: tuple[float, float] = (np.nan, np.nan)
    n_levels: int = 1


def choose_in_units(
    names: Sequence[str],
    units_of_file: Sequence[str],
    leads: Sequence[str] | None,
    units: str | Mapping[str, str] | None,
    missing_leads: str,
    place: object,
) -> tuple[list[int | None], list[float]]:
    """Return positions of the leads to read, and what to divide each by to have millivolt.

    Parameters
    ----------
    names, units_of_file : sequence of str
        Of each lead of the file.
    leads : sequence of str or None
        None takes all whose unit is of volts, and warns of others.
    units : str or dict from names to str, optional
        Units in place of those of the file.
    missing_leads : {"raise", "nan"}
    place : object
        File, for messages.

    Raises
    ------
    ValueError
        If no lead is in volts, or a wanted lead is missing.
    """
    choice("missing_leads", missing_leads, ("raise", "nan"))
    given = units if isinstance(units, Mapping) else dict.fromkeys(names, units) if units else {}
    all_units = [given.get(name, unit) for name, unit in zip(names, units_of_file, strict=True)]
    scales = [per_millivolt(unit) for unit in all_units]
    others = ", ".join(f"{name!r} in {unit!r}" for name, unit in zip(names, all_units, strict=True))
    advice = "give units, such as units='uV' or {name: 'uV'}"
    if leads is None:
        chosen = [i for i, scale in enumerate(scales) if scale]
        if not chosen:
            raise ValueError(f"{place}: a lead must be in mV, uV or V, got {others}; {advice}, or name leads=[...].")
        what = "left out"
    else:
        chosen, what = choose_leads(names, leads, place, missing_leads), "kept in their own units"
    odd = [i for i in (set(range(len(names))) - set(chosen) if leads is None else chosen) if i is not None]
    odd = [f"{names[i]!r} in {all_units[i]!r}" for i in sorted(odd) if scales[i] is None]
    if odd:
        warnings.warn(f"{place}: leads that are not in volts are {what}: {', '.join(odd)}; {advice}.", stacklevel=4)
    return chosen, [1.0 if i is None else scales[i] or 1.0 for i in chosen]


def to_recording(
    raw: Sequence[RawLead | None],
    scales: Sequence[float],
    names: Sequence[str],
    name: str,
    seconds: Any = (),
    **more: Any,
) -> Recording:
    """Return a recording in millivolt at the highest rate of the leads; None becomes a lead of NaN.

    Parameters
    ----------
    raw : list of RawLead or None
    scales : list of float
        What to divide each lead by.
    names : sequence of str
        Of the leads.
    name : str
        Of the recording.
    seconds : sequence of float
        Place of each annotation.
    **more
        Further fields of `Recording`.
    """
    rate = max(lead.rate_hz for lead in raw if lead)
    columns, limits = [], []
    for lead, scale in zip(raw, scales, strict=True):
        if lead is None:
            columns.append(np.full(1, np.nan, np.float32))
            limits.append((np.nan, np.nan))
            continue
        values, ends = lead.values / scale, sorted(end / scale for end in lead.limits)
        known = np.isfinite(ends).all() and np.isfinite(values).any()
        ends = converter_limits(values, *ends, lead.n_levels) if known else (np.nan, np.nan)
        if lead.rate_hz != rate:
            # Saturation is known by exact values, which resampling changes.
            hidden = hide_lost_contact(values[:, None], lead.rate_hz, None, [ends])
            values, ends = resample(hidden, *rate_ratio(lead.rate_hz, rate))[:, 0], (np.nan, np.nan)
        columns.append(values.astype(np.float32))
        limits.append(ends)
    signal = np.full((max(map(len, columns)), len(raw)), np.nan, np.float32)
    for number, column in enumerate(columns):
        signal[: len(column), number] = column
    samples = np.round(np.asarray(seconds, np.float64) * rate).astype(np.int64)
    return Recording(signal, rate, names, samples, limits_mv=limits, name=name, **more)
