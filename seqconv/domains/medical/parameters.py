"""Checks of the parameters and the state of an ECGAdapter."""

from typing import TYPE_CHECKING, Any

from seqconv.arguments import choice, flag, is_number, is_whole, number, strings
from seqconv.domains.medical.filtering import design_filter

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter

_MOST_HZ = 100_000.0
_MOST_SECONDS = 600.0
# Electroencephalographs have at most 256.
MOST_LEADS = 512


def check_ecg_parameters(adapter: "Adapter") -> None:
    """Raise if a parameter of an ECGAdapter is out of range."""
    rate, window, band = adapter.sampling_rate_hz, adapter.window_seconds, adapter.band_hz
    number("sampling_rate_hz", rate, 1, _MOST_HZ, optional=True)
    strings("leads", adapter.leads, optional=True)
    choice("missing_leads", adapter.missing_leads, ("raise", "nan"))
    if not _is_pair(window) or not all(is_number(s, 0, _MOST_SECONDS) for s in window) or sum(window) <= 0:
        raise ValueError(
            f"window_seconds must be the seconds before and from the beat on, 0 to {_MOST_SECONDS:g}, such as (0.4, 0.6), "
            f"got {window!r}."
        )
    if band is not None and not (_is_pair(band) and all(f is None or is_number(f, 1e-3, _MOST_HZ) for f in band)):
        raise ValueError(f"band_hz must be None or the lowest and highest frequency, such as (0.5, 40), got {band!r}.")
    for name in ("notch_hz", "flat_seconds"):
        number(name, getattr(adapter, name), 1e-3, _MOST_HZ, optional=True)
    for name in ("rhythm", "stream"):
        flag(name, getattr(adapter, name))
    if rate is not None:
        design_filter(float(rate), band, adapter.notch_hz)


def check_ecg_state(state: Any, arrays: Any, adapter: "Adapter") -> tuple[float | None, tuple[str, ...] | None, int]:
    """Return rate, leads and number of leads of a state from an untrusted file.

    Raises
    ------
    ValueError
        If `ECGAdapter.fit` cannot leave this state with the parameters of the adapter.
    """
    keys = {"sampling_rate_hz", "leads", "n_leads"}
    if not isinstance(state, dict) or set(state) != keys or not isinstance(arrays, dict) or arrays:
        raise ValueError(f"the state must be a dict of {', '.join(sorted(keys))}, and no arrays.")
    rate, leads, n_leads = state["sampling_rate_hz"], state["leads"], state["n_leads"]
    wanted = adapter.sampling_rate_hz
    if rate is not None and not is_number(rate, 1e-6, _MOST_HZ) or (wanted is not None and rate != wanted):
        raise ValueError(f"the rate of the state must be that of the parameters, or a number, got {rate!r}.")
    if not is_whole(n_leads, 1, MOST_LEADS):
        raise ValueError(f"the number of leads must be 1 to {MOST_LEADS}, got {n_leads!r}.")
    is_named = isinstance(leads, list) and len(leads) == n_leads and all(isinstance(lead, str) for lead in leads)
    if (leads is not None and not is_named) or (adapter.leads is not None and leads not in (None, list(adapter.leads))):
        raise ValueError(f"the leads of the state must be None or those of the parameters, {n_leads} in all.")
    return None if rate is None else float(rate), None if leads is None else tuple(leads), n_leads


def _is_pair(value):
    return isinstance(value, tuple | list) and len(value) == 2
