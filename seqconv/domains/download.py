"""One download with pooch, limited in size, with a progress bar on a terminal."""

import contextlib
from pathlib import Path


def download(url: str, path: Path, most_bytes: int) -> None:
    """Download a URL to a new file, with a progress bar on a terminal.

    Parameters
    ----------
    url : str
        ``https://...``
    path : pathlib.Path
        New file; it must not exist.
    most_bytes : int
        Largest size of the download, so that a wrong server cannot fill the disk.

    Raises
    ------
    OSError
        If the connection fails, or too little or too much comes.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> download("nowhere:set.tsv", pathlib.Path(tempfile.mkdtemp(), "set.tsv"), most_bytes=10)
    Traceback (most recent call last):
    ...
    requests.exceptions.InvalidSchema: No connection adapters were found for 'nowhere:set.tsv'
    """
    import pooch

    with open(path, "xb") as file, _progress(url) as bar:
        limited = _Limited(file, most_bytes)
        pooch.HTTPDownloader(progressbar=bar, chunk_size=2**16, timeout=30)(url, limited, None)


class _Limited:
    """File that takes at most a number of bytes."""

    def __init__(self, file, most_bytes):
        self.file, self.left, self.flush = file, most_bytes, file.flush

    def write(self, data: bytes) -> None:
        """Write the data; raise if it exceeds the limit."""
        self.left -= len(data)
        if self.left < 0:
            raise OSError("more bytes came than the file has")
        self.file.write(data)


@contextlib.contextmanager
def _progress(url):
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Bar(progress, progress.add_task(url.rsplit("/", 1)[-1]))


class _Bar:
    """Progress bar with the methods that pooch calls."""

    def __init__(self, progress, task):
        self.progress, self.task = progress, task

    @property
    def total(self) -> int | None:
        """Number of bytes of the download, None while unknown."""
        return self.progress.tasks[0].total

    @total.setter
    def total(self, n_bytes: int) -> None:
        """Set the number of bytes."""
        self.progress.update(self.task, total=n_bytes or None)

    def update(self, n_bytes: int) -> None:
        """Advance the bar by a number of bytes."""
        self.progress.advance(self.task, n_bytes)

    def reset(self) -> None:
        """Start the bar anew."""
        self.progress.reset(self.task)

    def close(self) -> None:
        """Stop the bar."""
        self.progress.stop_task(self.task)
