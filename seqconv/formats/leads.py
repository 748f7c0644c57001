"""What readers of electrical recordings have in common: units and the choice of leads."""

# How many of a unit, in small letters, are in a millivolt; both signs that Unicode has for micro.
_PER_MILLIVOLT = {"mv": 1.0, "uv": 1e3, "\u00b5v": 1e3, "\u03bcv": 1e3, "v": 1e-3}


def per_millivolt(unit):
    """How many of a unit are in a millivolt; None if it is none of volts.

    Parameters
    ----------
    unit : str
        ``"mV"``, ``"uV"`` or ``"V"``, in small or large letters but for ``"MV"``, which would be a million volts.

    Returns
    -------
    float or None

    Examples
    --------
    >>> per_millivolt("UV"), per_millivolt("mv"), per_millivolt("MV")
    (1000.0, 1.0, None)
    """
    return None if unit.startswith(("M", "\u039c")) else _PER_MILLIVOLT.get(unit.lower())


def choose_leads(names, wanted, place):
    """Positions of the wanted leads in a record.

    Parameters
    ----------
    names : list of str
        Leads of the record.
    wanted : sequence of str or None
        None takes all, as do all names in their order, even where two are the same.
    place : str
        The file, the beginning of the message.

    Returns
    -------
    list of int

    Raises
    ------
    TypeError, ValueError
        A wanted lead that is not there once, or none wanted.

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
            raise ValueError(f"{place}: a lead {name!r} is required, there is {times} such lead among {names}.")
    return [names.index(name) for name in wanted]
