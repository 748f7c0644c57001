"""What a module says of a name that it does not have."""

from collections.abc import Iterable


def unknown(module: str, name: str, known: Iterable[str]) -> AttributeError:
    """Make the error of a name that a module does not have, with the names nearest to it.

    Parameters
    ----------
    module, name : str
    known : iterable of str
        Names of the module, or of others with their module (``seqconv.adapters.TextAdapter``).

    Examples
    --------
    >>> unknown("seqconv", "Classifier", ["SeqConvClassifier", "load"])
    AttributeError("module 'seqconv' has no attribute 'Classifier'; did you mean SeqConvClassifier?")
    """
    message = f"module {module!r} has no attribute {name!r}"
    if name.startswith("_"):  # asked by tools, not by people
        return AttributeError(message)
    import difflib

    places = {place.rpartition(".")[2].casefold(): place for place in known}
    near = difflib.get_close_matches(name.casefold(), places, n=3, cutoff=0.7)
    hint = f"; did you mean {' or '.join(places[one] for one in near)}?" if near else ""
    return AttributeError(message + hint)
