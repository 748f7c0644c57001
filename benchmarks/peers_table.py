"""The table and the picture of `benchmarks/peers.py` and `benchmarks/peers_text.py`."""

import numpy as np

# Few sets can carry a mean: it is printed without them, too.
N_ODD = 4


def compare(rows, anchor):
    """Print means, and differences to the anchor paired by set; return the means of each method and set."""
    table = {}
    for method, name, _, *figures in rows:
        table.setdefault(method, {}).setdefault(name, []).append([float(figure) for figure in figures])
    means = {method: {name: np.mean(runs, axis=0) for name, runs in sets.items()} for method, sets in table.items()}
    anchor = anchor if anchor in means else next(iter(means))
    n_figures = min(map(len, rows)) - 3
    title = f"{'method':28}{'sets':>5}{'accuracy':>10}{'difference to ' + anchor:>38}{'w/d/l':>12}{'log-loss':>10}{'ECE':>7}"
    title += f"{'MB':>7}{'CPU s':>9}{'x':>7}"
    title += f"{'predict s':>11}{'x':>7}" if n_figures > 6 else ""  # rows of earlier runs lack it
    print(title + (f"{'F1':>9}" if n_figures > 7 else ""))
    for method, sets in means.items():
        names = sorted(set(sets) & set(means[anchor]))
        figures = np.array([sets[name][:n_figures] for name in names])
        theirs = np.array([means[anchor][name][:n_figures] for name in names])
        apart = 100 * (figures[:, 0] - theirs[:, 0])
        error = apart.std(ddof=1) / np.sqrt(len(apart)) if len(apart) > 1 else 0.0
        signs = [int((apart > 1e-9).sum()), int((abs(apart) <= 1e-9).sum()), int((apart < -1e-9).sum())]
        line = f"{method:28}{len(names):5}{figures[:, 0].mean():10.4f}"
        line += f"{f'{apart.mean():+.2f} +- {error:.2f} points':>38}{'/'.join(map(str, signs)):>12}"
        line += f"{figures[:, 1].mean():10.3f}{figures[:, 2].mean():7.3f}{figures[:, 5].max():7.0f}"
        own, other = figures.sum(axis=0), theirs.sum(axis=0)
        line += f"{own[3]:9.1f}{other[3] / own[3]:7.2f}"
        line += f"{own[6]:11.2f}{other[6] / own[6]:7.2f}" if n_figures > 6 else ""
        print(line + (f"{figures[:, 7].mean():9.4f}" if n_figures > 7 else ""))
        if len(apart) > 4 * N_ODD:
            rest = apart[np.argsort(-abs(apart))[N_ODD:]]
            error = rest.std(ddof=1) / np.sqrt(len(rest))
            print(
                f"{f'  without the {N_ODD} sets that differ most':43}{f'{rest.mean():+.2f} +- {error:.2f} points':>38}"
            )
    return means


def draw(means, path):
    """Draw accuracy against seconds."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    figures = {method: np.array([row[:6] for row in sets.values()]) for method, sets in means.items()}
    longest = max(rows[:, 3].sum() for rows in figures.values())
    for method, rows in figures.items():
        seconds, accuracy = rows[:, 3].sum(), rows[:, 0].mean()
        colour = "tab:blue" if method.startswith("seqconv") else "tab:orange"
        axes.plot(seconds, 100 * accuracy, "o", color=colour)
        # Names of the slowest are left of their points, so that they stay within the frame.
        side = ("right", -6) if seconds > longest / 3 else ("left", 6)
        place = {"xytext": (side[1], 5), "textcoords": "offset points", "ha": side[0], "fontsize": 9}
        axes.annotate(method, (seconds, 100 * accuracy), **place)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    n_sets = len(next(iter(means.values())))
    axes.set(xlabel="CPU seconds to fit and predict all sets, one core", ylabel="mean accuracy, %")
    axes.set_title(f"{n_sets} complete UCR sets, archive's split", fontsize=10)
    axes.margins(x=0.25, y=0.15)
    figure.savefig(path, dpi=150)
