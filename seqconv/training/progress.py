"""Progress of a training, for people at a terminal and for log files."""

import sys
import time
import warnings
from collections.abc import Mapping

_REDRAW_SECONDS = 0.2
_LINE_SECONDS = 10.0
_SILENT_SECONDS = 60.0


class Progress:
    """Show epoch, loss, accuracy and time left: one live line on a terminal, else a line every ten seconds.

    Parameters
    ----------
    n_epochs, n_batches : int
        Most epochs, and batches of each.
    title : str
        What is trained.
    verbose : {0, 1}
        0 shows nothing, but warns once that a fit of a minute or more can show its progress.
    """

    def __init__(self, n_epochs: int, n_batches: int, title: str, verbose: int):
        self.n_epochs, self.n_batches = n_epochs, n_batches
        self.title, self.verbose = title, verbose
        self.started = self.shown = time.monotonic()
        self.last, self.accuracy, self.has_warned = "", "", False

    def end_batch(self, epoch: int, batch: int, loss: float) -> None:
        """Report the mean loss of the epoch so far."""
        now = time.monotonic()
        if not self.verbose:
            if not self.has_warned and now - self.started > _SILENT_SECONDS:
                self.has_warned = True
                warnings.warn("fit has run for a minute; verbose=1 shows its progress.", UserWarning, stacklevel=2)
            return
        done = (epoch * self.n_batches + batch + 1) / (self.n_epochs * self.n_batches)
        left = (now - self.started) * (1 - done) / done
        self.last = f"{self.title}: epoch {epoch + 1}/{self.n_epochs} - loss {loss:.4f}{self.accuracy} - {_clock(left)}"
        if now - self.shown > (_REDRAW_SECONDS if sys.stdout.isatty() else _LINE_SECONDS):
            self._show(now)

    def end_epoch(self, epoch: int, logs: Mapping[str, float]) -> None:
        """Report the validation accuracy, or the validation loss, of an epoch."""
        for name, label in (("val_accuracy", "validation accuracy"), ("val_loss", "validation loss")):
            if name in logs:
                self.accuracy = f" - {label} {logs[name]:.4f}"
                break

    def close(self) -> None:
        """Show the last state and end the line."""
        if self.verbose and self.last:
            head, _, _ = self.last.rpartition(" - ")
            took = _clock(time.monotonic() - self.started).removesuffix(" left")
            self.last = f"{head.split(' - validation')[0]}{self.accuracy} - {took}"
            self._show(time.monotonic())
            if sys.stdout.isatty():
                print(flush=True)

    def _show(self, now):
        self.shown = now
        if sys.stdout.isatty():
            print(f"\r\x1b[K{self.last}", end="", flush=True)
        else:
            print(self.last, flush=True)


def _clock(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{f'{hours}:{minutes:02}' if hours else minutes}:{seconds:02} left"
