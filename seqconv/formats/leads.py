"""What readers of electrical recordings have in common: units and the choice of leads."""

# How many of a unit are in a millivolt; both signs that Unicode has for micro.
PER_MILLIVOLT = {"mV": 1.0, "uV": 1e3, "\u00b5V": 1e3, "\u03bcV": 1e3, "V": 1e-3}


def choose_leads(names, wanted, place):
    """Positions of the wanted leads in a record.

    Parameters
    ----------
    names : list of str
        Leads of the record.
    wanted : sequence of str or None
        None takes all.
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
    if wanted is None:
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
