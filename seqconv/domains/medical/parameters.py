"""Are these the parameters, and is this the state, of an ECGAdapter?"""

from numbers import Real

from seqconv.domains.medical.filtering import design_filter

_MOST_HZ = 100_000.0
_MOST_SECONDS = 600.0
MOST_LEADS = 512  # electroencephalographs end at 256


def check_ecg_parameters(adapter):
    """Refuse parameters of an ECGAdapter that are out of range."""
    rate = adapter.sampling_rate_hz
    if rate is not None and not _is_number(rate, 1, _MOST_HZ):
        raise ValueError(f"sampling_rate_hz must be None or a number from 1 to {_MOST_HZ:g}, got {rate!r}.")
    if adapter.leads is not None and not _are_leads(adapter.leads):
        raise ValueError(f"leads must be None or a list of names, such as ['MLII'], got {adapter.leads!r:.60}.")
    window = adapter.window_seconds
    is_pair = (
        isinstance(window, tuple | list) and len(window) == 2 and all(_is_number(s, 0, _MOST_SECONDS) for s in window)
    )
    if not is_pair or sum(window) <= 0:
        raise ValueError(
            f"window_seconds must be the seconds before and from the beat on, 0 to {_MOST_SECONDS:g}, such as (0.4, 0.6), "
            f"got {window!r}."
        )
    band = adapter.band_hz
    if band is not None and not (
        isinstance(band, tuple | list)
        and len(band) == 2
        and all(f is None or _is_number(f, 1e-3, _MOST_HZ) for f in band)
    ):
        raise ValueError(f"band_hz must be None or the lowest and highest frequency, such as (0.5, 40), got {band!r}.")
    for name, least in (("notch_hz", 1e-3), ("flat_seconds", 1e-3)):
        value = getattr(adapter, name)
        if value is not None and not _is_number(value, least, _MOST_HZ):
            raise ValueError(f"{name} must be None or a number above 0, got {value!r}.")
    for name in ("rhythm", "stream"):
        if getattr(adapter, name) not in (True, False):
            raise ValueError(f"{name} must be True or False, got {getattr(adapter, name)!r}.")
    if rate is not None:
        design_filter(float(rate), band, adapter.notch_hz)


def check_ecg_state(state, arrays, adapter):
    """Rate, leads and number of leads of a stored ECGAdapter, or ValueError: nobody vouches for the file."""
    keys = {"sampling_rate_hz", "leads", "n_leads"}
    if not isinstance(state, dict) or set(state) != keys or not isinstance(arrays, dict) or arrays:
        raise ValueError(f"the state must be a dict of {', '.join(sorted(keys))}, and no arrays.")
    rate, leads, n_leads = state["sampling_rate_hz"], state["leads"], state["n_leads"]
    wanted = adapter.sampling_rate_hz
    if rate is not None and not _is_number(rate, 1e-6, _MOST_HZ) or (wanted is not None and rate != wanted):
        raise ValueError(f"the rate of the state must be that of the parameters, or a number, got {rate!r}.")
    if isinstance(n_leads, bool) or not isinstance(n_leads, int) or not 1 <= n_leads <= MOST_LEADS:
        raise ValueError(f"the number of leads must be 1 to {MOST_LEADS}, got {n_leads!r}.")
    is_named = isinstance(leads, list) and len(leads) == n_leads and all(isinstance(lead, str) for lead in leads)
    if (leads is not None and not is_named) or (adapter.leads is not None and leads not in (None, list(adapter.leads))):
        raise ValueError("the leads of the state must be those of the parameters, or None, and as many as it says.")
    return None if rate is None else float(rate), None if leads is None else tuple(leads), n_leads


def _are_leads(leads):
    is_list = isinstance(leads, list | tuple) and 0 < len(leads) <= MOST_LEADS
    return is_list and all(isinstance(lead, str) for lead in leads) and len(set(leads)) == len(leads)


def _is_number(value, least, most):
    return isinstance(value, Real) and not isinstance(value, bool) and least <= value <= most
