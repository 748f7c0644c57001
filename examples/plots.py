"""Panels of the pictures: how the network learnt, where it errs, and what it looked at."""

import textwrap

import matplotlib
import numpy as np
from matplotlib.ticker import MaxNLocator
from sklearn.metrics import ConfusionMatrixDisplay

matplotlib.use("Agg")  # a file is written, no window opened
matplotlib.rcParams["text.parse_math"] = False  # "$$" in a message is no formula

from matplotlib import pyplot


def page(n_rows):
    """Return a figure of `n_rows` plots below each other, and their axes."""
    return pyplot.subplots(n_rows, figsize=(9, 4 * n_rows), layout="constrained")


def save(figure, path):
    """Write the figure as PNG, whatever the name of the file, and say where."""
    figure.savefig(path, dpi=120, format="png", bbox_inches="tight")
    pyplot.close(figure)
    print(f"\nPicture: {path}")


def learning_curve(axes, history):
    """Draw the loss by epoch, of the first member if there are several."""
    history = history["members"][0] if "members" in history else history
    epochs = np.arange(1, len(history["loss"]) + 1)
    for name, label in (("loss", "training part"), ("val_loss", "validation part")):
        if name in history:
            axes.plot(epochs, history[name], marker="o", markersize=3, label=label)  # a single epoch draws no line
    # Linear: on a logarithmic axis, matplotlib writes its labels as formulas, which are switched off above.
    axes.set(title="Learning curve", xlabel="epoch", ylabel="loss (mean cross-entropy)", ylim=(0, None))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.legend()


def confusion(axes, y, predicted, classes):
    """Draw the number of cases by true and predicted class."""
    ConfusionMatrixDisplay.from_predictions(y, predicted, labels=classes, ax=axes, colorbar=False, cmap="Blues")
    if len(classes) * max(len(str(name)) for name in classes) > 40:  # side by side the names would touch
        axes.tick_params("x", rotation=45)
        pyplot.setp(axes.get_xticklabels(), ha="right", rotation_mode="anchor")
    axes.set(title="Test cases by true and predicted class", xlabel="predicted class", ylabel="true class")


def explained_text(axes, text, spans, attributions, target):
    """Draw bars for the 40 tokens around the one that tells most."""
    drops = np.nan_to_num(attributions[: len(spans)])
    first = max(0, min(int(drops.argmax()) - 20, len(spans) - 40))
    tokens = [text[start:stop] for start, stop in spans[first : first + 40]]
    if first > 0:
        tokens[0] = f"... {tokens[0]}"
    if first + 40 < len(spans):
        tokens[-1] = f"{tokens[-1]} ..."
    axes.bar(np.arange(len(tokens)), drops[first : first + 40])
    axes.axhline(0, color="0.8", linewidth=0.8)
    axes.set_xticks(np.arange(len(tokens)), tokens, rotation=60, ha="right")
    _label(axes, f"One text, token by token: what supports {target}", target)


def explained_line(axes, positions, values, attributions, target, title, **labels):
    """Draw a line coloured by how much less probable `target` is without each stretch; `labels` name the axes."""
    axes.plot(positions, values, color="0.8", zorder=1)
    points = axes.scatter(positions, values, c=np.nan_to_num(attributions), cmap="coolwarm", s=18, zorder=2)
    largest = np.nanmax(np.abs(attributions), initial=0)
    points.set_clim(-largest, largest)
    axes.figure.colorbar(points, ax=axes, label=_drop(target))
    axes.set(title=textwrap.fill(title, 90), **labels)


def explained_sound(axes, bands, band_spans, band_hz, spans, attributions, target):
    """Draw mel bands in decibels over seconds, and above them how much less probable `target` is without each step."""
    left, right, n_bands = band_spans[0, 0], band_spans[-1, 1], bands.shape[1]
    image = axes.imshow(bands.T, origin="lower", aspect="auto", extent=(left, right, 0, n_bands), cmap="magma")
    axes.figure.colorbar(image, ax=axes, label="power (dB)", location="left")
    named_hz = np.array([125, 250, 500, 1000, 2000, 3000, 4000, 6000, 8000, 12_000, 16_000, 20_000])
    named_hz = named_hz[(named_hz >= band_hz[0]) & (named_hz <= band_hz[-1])]
    axes.set_yticks(np.interp(named_hz, band_hz, np.arange(n_bands) + 0.5), named_hz)
    drops = axes.twinx()
    drops.plot(spans.mean(axis=1), np.nan_to_num(attributions[: len(spans)]), color="cyan")
    drops.yaxis.label.set_color("darkcyan")  # the colour of the line, dark enough to read
    axes.set(xlabel="time (s)", ylabel="frequency (Hz)")
    _label(drops, f"One sound, step by step: what supports {target}", target)


def _label(axes, title, target):
    axes.set(title=textwrap.fill(title, 90), ylabel=_drop(target))


def _drop(target):
    return f"drop in P({target}) when hidden"
