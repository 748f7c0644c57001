"""Progress of a training, for people at a terminal and for log files."""

import logging
import sys
import time
from collections.abc import Callable, Mapping

_REDRAW_SECONDS = 0.2
_LINE_SECONDS = 10.0
_SILENT_SECONDS = 60.0
_said: list[bool] = []  # not empty once a silent fit has said how to show its progress


class Progress:
    """Show epoch, loss, accuracy and time left: one live line on a terminal, else a line every ten seconds.

    Parameters
    ----------
    n_epochs, n_batches : int
        Most epochs, and batches of each.
    title : str
        What is trained.
    verbose : {0, 1}
        0 shows nothing, but says once a process that a fit of a minute or more can show its progress.
    """

    def __init__(self, n_epochs: int, n_batches: int, title: str, verbose: int):
        self.n_epochs, self.n_batches = n_epochs, n_batches
        self.title, self.verbose = title, verbose
        self.started = time.monotonic()
        # When the first batch had ended: it takes as long as hundreds of others, because it is compiled.
        self.compiled: float | None = None
        self.accuracy = ""
        self.line = LiveLine()

    def end_batch(self, epoch: int, batch: int, loss: float) -> None:
        """Report the mean loss of the epoch so far."""
        now = time.monotonic()
        if not self.verbose:
            if now - self.started > _SILENT_SECONDS and not _said:
                _said.append(True)
                logging.getLogger("seqconv").warning("fit has run for a minute; verbose=1 shows its progress.")
            return
        n_done, n_all = epoch * self.n_batches + batch + 1, self.n_epochs * self.n_batches
        if self.compiled is None:
            self.compiled = now
            left = "first batch"
        else:
            left = f"{_clock((now - self.compiled) * (n_all - n_done) / (n_done - 1))} left"
        head = f"{self.title}: epoch {epoch + 1}/{self.n_epochs} - loss {loss:.4f}"
        self.line.show(f"{head}{self.accuracy} - {left}")

    def end_epoch(self, epoch: int, logs: Mapping[str, float]) -> None:
        """Report the validation accuracy, or the validation loss, of an epoch."""
        for name, label in (("val_accuracy", "validation accuracy"), ("val_loss", "validation loss")):
            if name in logs:
                self.accuracy = f" - {label} {logs[name]:.4f}"
                break

    def close(self) -> None:
        """Show the last state and end the line."""
        if self.verbose and self.line.text:
            head = self.line.text.rpartition(" - ")[0].split(" - validation")[0]
            self.line.close(f"{head}{self.accuracy} - took {_clock(time.monotonic() - self.started)}")


class LiveLine:
    """A line that is redrawn in place on a terminal; elsewhere a new line every ten seconds."""

    def __init__(self) -> None:
        self.text = ""
        self.shown = time.monotonic()

    def show(self, text: str) -> None:
        """Show a text, unless another one was shown just before."""
        self.text = text
        now = time.monotonic()
        if now - self.shown > (_REDRAW_SECONDS if sys.stdout.isatty() else _LINE_SECONDS):
            self.shown = now
            self._print(end="" if sys.stdout.isatty() else "\n")

    def close(self, text: str) -> None:
        """Show the last text, whatever was shown before, and end the line."""
        self.text = text
        self._print(end="\n")

    def _print(self, end):
        print(f"\r\x1b[K{self.text}" if sys.stdout.isatty() else self.text, end=end, flush=True)


def count_up(title: str, total: int) -> Callable[[int], None]:
    """Return a function that shows how many of a total are done, with the time left."""
    line, started = LiveLine(), time.monotonic()

    def show(done: int) -> None:
        left = (time.monotonic() - started) * (total - done) / max(1, done)
        text = f"{title}: {done}/{total}"
        if done < total:
            line.show(f"{text} - {_clock(left)} left")
        else:
            line.close(f"{text} - took {_clock(time.monotonic() - started)}")

    return show


def _clock(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{f'{hours}:{minutes:02}' if hours else minutes}:{seconds:02}"
