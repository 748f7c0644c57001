"""Progress bar for long work, if the user asked for one."""

from collections.abc import Iterable, Iterator

# A shorter bar vanishes before it is read, and one for each batch of a training would disturb the bar of the fit.
_FEW = 256


def shown(results: Iterable, n_results: int, title: str, verbose: int) -> Iterator:
    """Yield the results; with ``verbose=1`` show a bar and the time left for more than 256 of them.

    Examples
    --------
    >>> list(shown(iter("ab"), 2, "clips", verbose=0))
    ['a', 'b']
    """
    if not verbose or n_results <= _FEW:
        yield from results
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield from progress.track(results, total=n_results, description=title)
