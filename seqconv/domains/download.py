"""One download with pooch, limited in size, with a progress bar on a terminal."""

import contextlib


def download(url, path, most_bytes):
    """Write what lies at a URL to a new file, with a progress bar on a terminal.

    Parameters
    ----------
    url : str
        ``https://...``
    path : pathlib.Path
        Must not exist yet.
    most_bytes : int
        More than that is refused, so that a wrong server cannot fill the disk.

    Raises
    ------
    OSError
        If nothing, too little or too much comes.

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
    """A file that takes no more than it was told."""

    def __init__(self, file, most_bytes):
        self.file, self.left, self.flush = file, most_bytes, file.flush

    def write(self, data):
        self.left -= len(data)
        if self.left < 0:
            raise OSError("more came than the file can hold")
        self.file.write(data)


@contextlib.contextmanager
def _progress(url):
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Bar(progress, progress.add_task(url.rsplit("/", 1)[-1]))


class _Bar:
    """The four things that pooch asks of a progress bar."""

    def __init__(self, progress, task):
        self.progress, self.task = progress, task

    @property
    def total(self):
        return self.progress.tasks[0].total

    @total.setter
    def total(self, n_bytes):
        self.progress.update(self.task, total=n_bytes or None)

    def update(self, n_bytes):
        self.progress.advance(self.task, n_bytes)

    def reset(self):
        self.progress.reset(self.task)

    def close(self):
        self.progress.stop_task(self.task)
