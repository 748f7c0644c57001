"""The pictures of the examples: how it learnt, where it errs, what it looked at."""

import matplotlib
import numpy as np
from matplotlib.ticker import MaxNLocator
from sklearn.metrics import ConfusionMatrixDisplay

matplotlib.use("Agg")  # a file is written, no window opened
matplotlib.rcParams["text.parse_math"] = False  # "$$" in a message is no formula

from matplotlib import pyplot


def page(n_rows):
    """A figure of `n_rows` plots below each other, and their axes."""
    return pyplot.subplots(n_rows, figsize=(9, 4 * n_rows), layout="constrained")


def learning_curve(axes, history):
    """Loss by epoch; of the first member where there are several."""
    history = history["members"][0] if "members" in history else history
    epochs = np.arange(1, len(history["loss"]) + 1)
    for name, label in (("loss", "training part"), ("val_loss", "validation part")):
        if name in history:
            axes.plot(epochs, history[name], marker="o", markersize=3, label=label)  # one epoch draws no line
    axes.set(title="Learning curve", xlabel="epoch", ylabel="mean cross-entropy (nats)", yscale="log")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.legend()


def confusion(axes, y, predicted, classes):
    """Cases by true and predicted class."""
    ConfusionMatrixDisplay.from_predictions(y, predicted, labels=classes, ax=axes, colorbar=False, cmap="Blues")
    if len(classes) * max(len(str(name)) for name in classes) > 40:  # side by side the names would touch
        axes.tick_params("x", rotation=45)
        pyplot.setp(axes.get_xticklabels(), ha="right", rotation_mode="anchor")
    axes.set_title("Test cases by true and predicted class")


def explained_text(axes, text, spans, attributions, target):
    """Bars for the 40 tokens around the one that tells most: how much less probable `target` is without each."""
    drops = np.nan_to_num(attributions[: len(spans)])
    first = max(0, min(int(drops.argmax()) - 20, len(spans) - 40))
    tokens = [text[start:stop] for start, stop in spans[first : first + 40]]
    if first > 0:
        tokens[0] = f"... {tokens[0]}"
    if first + 40 < len(spans):
        tokens[-1] = f"{tokens[-1]} ..."
    axes.bar(np.arange(len(tokens)), drops[first : first + 40])
    axes.set_xticks(np.arange(len(tokens)), tokens, rotation=60, ha="right")
    axes.set(title=f"One message, token by token: what speaks for {target}", ylabel=f"drop in P({target}) when hidden")


def explained_series(axes, case, attributions, target):
    """A series, its first channel, coloured by how much less probable `target` is without each stretch."""
    steps = np.arange(len(case))
    axes.plot(steps, case[:, 0], color="0.8", zorder=1)
    points = axes.scatter(steps, case[:, 0], c=np.nan_to_num(attributions), cmap="coolwarm", s=14, zorder=2)
    points.set_clim(-np.nanmax(np.abs(attributions)), np.nanmax(np.abs(attributions)))
    axes.figure.colorbar(points, ax=axes, label=f"drop in P({target}) when hidden")
    axes.set(title="One case, step by step: what speaks for its class", xlabel="step", ylabel="value, first channel")


def explained_sound(axes, bands, band_spans, band_hz, spans, attributions, target):
    """A sound's mel bands in decibels over seconds, and above them how much less probable `target` is without each step."""
    left, right, n_bands = band_spans[0, 0], band_spans[-1, 1], bands.shape[1]
    image = axes.imshow(bands.T, origin="lower", aspect="auto", extent=(left, right, 0, n_bands), cmap="magma")
    axes.figure.colorbar(image, ax=axes, label="power (dB)", location="left")
    told_hz = np.array([125, 250, 500, 1000, 2000, 3000, 4000, 6000, 8000, 12_000, 16_000, 20_000])
    told_hz = told_hz[(told_hz >= band_hz[0]) & (told_hz <= band_hz[-1])]
    axes.set_yticks(np.interp(told_hz, band_hz, np.arange(n_bands) + 0.5), told_hz)
    drops = axes.twinx()
    drops.plot(spans.mean(axis=1), np.nan_to_num(attributions[: len(spans)]), color="cyan")
    axes.set(title=f"One sound, step by step: what speaks for {target}", xlabel="time (s)", ylabel="frequency (Hz)")
    drops.set_ylabel(f"drop in P({target}) when hidden")


def explained_prices(axes, dates, close, attributions, target, ticker):
    """Closing prices of one case, coloured by how much less probable `target` is without each stretch of days."""
    axes.plot(dates, close, color="0.8", zorder=1)
    points = axes.scatter(dates, close, c=np.nan_to_num(attributions), cmap="coolwarm", s=24, zorder=2)
    points.set_clim(-np.nanmax(np.abs(attributions)), np.nanmax(np.abs(attributions)))
    axes.figure.colorbar(points, ax=axes, label=f"drop in P({target}) when hidden")
    title = f"{ticker}, day by day: what speaks for {target} on the day after"
    axes.set(title=title, xlabel="day", ylabel="adjusted close (currency of the file)")
    axes.tick_params("x", rotation=30)


def explained_beat(axes, seconds, values, attributions, target):
    """A heartbeat over seconds, coloured by how much less probable `target` is without each stretch."""
    axes.plot(seconds, values, color="0.8", zorder=1)
    points = axes.scatter(seconds, values, c=np.nan_to_num(attributions), cmap="coolwarm", s=18, zorder=2)
    points.set_clim(-np.nanmax(np.abs(attributions)), np.nanmax(np.abs(attributions)))
    axes.figure.colorbar(points, ax=axes, label=f"drop in P({target}) when hidden")
