"""A bar over long work, where the user asked for one."""

# A bar over fewer would be gone before it is read, and over the batches of a training stand in the way of its own bar.
_FEW = 256


def shown(results, n_results, title, verbose):
    """Yield the results as they come; at ``verbose=1`` show a bar and the time left where there are over 256 of them.

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
