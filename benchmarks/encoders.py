"""Write the table of all encoders: paper, size, cost and what each can do.

    python benchmarks/encoders.py docs/encoders.md

Without a path it is printed.
"""

import argparse
import pathlib

import pandas as pd

import seqconv

INTRODUCTION = """# Encoders

Begin with the default, `bank` for series and `kim_cnn` for texts; where a network should be trained on series take
`inception_time`, or `lite`, which costs a fortieth; else one whose paper is of your domain, and for streams a causal one.

`SeqConvClassifier("lite")` takes any of these names. This table is `seqconv.encoders.catalogue()`, written by
`python benchmarks/encoders.py docs/encoders.md`. Parameters and multiply-accumulates are those of a network for ten
classes and one case of 512 steps and one channel, dense layers included; other cases are named. Those of another
case are `catalogue(input_shape=(steps, channels), n_classes=...)`. Fixed banks mostly add and compare, so that they have no
multiply-accumulates; their parameters are those of the head, which is solved in closed form. The receptive field is that of
the convolutions; `deep_lob` remembers more, `sinc_net` normalizes whole cases, and `dcnn` chooses among all steps.

All take cases of any length, and answer for a short one alone as in a longer batch. "Channels" is "one" where an encoder
takes no more. "Convolutional" means that nothing but convolutions and a global pooling comes before the head. "Causal" means
that no feature sees later steps, by default or with `padding="causal"`. The last column says whether
`SeqConvClassifier(name, preset="paper")` knows how the paper trained.

| Encoder | Class | Paper | Domain | Parameters | MACs, millions | Receptive field, steps | Pooling | Channels | Convolutional | Causal | `preset="paper"` |
|---|---|---|---|---:|---:|---:|---|---|---|---|---|
"""


def document(table: pd.DataFrame) -> str:
    """Return the page of a catalogue of the default shape."""
    return INTRODUCTION + "".join(line(name, row) for name, row in table.iterrows())


def line(name: str, row: pd.Series) -> str:
    """Return a row of the table."""
    macs = "" if pd.isna(row.multiply_accumulates) else f"{row.multiply_accumulates / 1e6:,.2f}"
    of_another = "" if row.input_shape == (512, 1) else f" (of {row.input_shape[0]} x {row.input_shape[1]})"
    cells = [
        f"`{name}`",
        f"`{row['class']}`",
        f"{row.paper} ({row.year})",
        row.domain,
        f"{row.parameters:,}{of_another}",
        macs,
        f"{row.receptive_field:,}",
        row.pooling,
        "any" if row.multivariate else "one",
        "yes" if row.fully_convolutional else "fixed bank" if row.fixed_bank else "no",
        "yes" if row.causal else "no",
        "yes" if row.paper_training else "no",
    ]
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", nargs="?", type=pathlib.Path, help="file to write")
    path = parser.parse_args().path
    page = document(seqconv.encoders.catalogue())
    print(page, end="") if path is None else path.write_text(page, encoding="utf-8")
