"""Table of all encoders and what they cost."""

from typing import TYPE_CHECKING, Any

from seqconv import encoders
from seqconv.arguments import whole

if TYPE_CHECKING:
    import pandas as pd


def catalogue(input_shape: tuple[int, int] = (512, 1), n_classes: int = 10) -> "pd.DataFrame":
    """Return a table of all encoders: paper, size, cost and what each can do, with the settings of its paper.

    Parameters
    ----------
    input_shape : tuple of int, default=(512, 1)
        Steps and channels of a case. An encoder that it does not fit has that of its paper.
    n_classes : int, default=10
        Units of the last dense layer.

    Returns
    -------
    DataFrame
        A row for each of `names()`, with the columns:

        - ``class``, ``paper``, ``year``, ``domain``;
        - ``parameters``: trainable weights, with those of the dense layers. Those of a fixed bank are its head;
        - ``multiply_accumulates`` of one case; missing for fixed banks, most of which only add and compare;
        - ``receptive_field`` of the convolutions, in steps;
        - ``pooling``: by default;
        - ``variable_length``: whether it takes cases of any length, and a short one alone as in a longer batch;
        - ``multivariate``: whether it takes several channels;
        - ``fully_convolutional``: no dense layer but the head, no parts of a case, nothing recurrent;
        - ``causal``: whether no feature sees later steps, by default or with ``padding="causal"``;
        - ``fixed_bank``: whether only the head is trained, in closed form;
        - ``paper_training``: whether ``preset="paper"`` of the estimators knows how the paper trained;
        - ``input_shape``: of which cases the sizes are.

    Raises
    ------
    ValueError
        If `input_shape` is not two integers of at least 1, or `n_classes` is not one.

    Examples
    --------
    >>> import seqconv
    >>> fcn = seqconv.encoders.catalogue().loc["fcn"]
    >>> fcn["paper"], int(fcn["parameters"]), int(fcn["multiply_accumulates"])
    ('Wang et al.', 265994, 134743296)
    """
    import pandas as pd

    if not isinstance(input_shape, list | tuple) or len(input_shape) != 2:
        raise ValueError(f"input_shape must be the numbers of steps and of channels, got {input_shape!r:.200}.")
    shape = whole("steps of input_shape", input_shape[0], 1), whole("channels of input_shape", input_shape[1], 1)
    whole("n_classes", n_classes, 1)
    rows = {name: _row(encoders.get(name), shape, n_classes) for name in encoders.names()}
    table = pd.DataFrame.from_dict(rows, orient="index")
    return table.astype({"multiply_accumulates": "Int64"}).rename_axis("name")


def _row(encoder: encoders.Encoder, input_shape: tuple[int, int], n_classes: int) -> dict[str, Any]:
    import keras

    from seqconv.encoders.costs import draw, multiply_accumulates, n_parameters, without_memory

    is_bank = isinstance(encoder, encoders.FixedBank)
    with without_memory():
        try:
            n_steps, n_channels = input_shape
            drawn = encoder.fitted_to(n_steps) if is_bank else encoder
            model = draw(drawn, input_shape, n_classes)
        except ValueError:
            if encoder.paper_shape is None:
                raise
            n_steps, n_channels = input_shape = encoder.paper_shape
            drawn, model = encoder, draw(encoder, input_shape, n_classes)
        any_length = draw(drawn, (None, n_channels), n_classes)
        is_causal = _is_causal(encoder, input_shape)
    is_recurrent = any(isinstance(layer, keras.layers.RNN) for layer in model.layers)
    pooling = encoder.pooling
    is_plain = isinstance(pooling, str) and len(encoder.dense) == 0
    return {
        "class": type(encoder).__name__,
        "paper": encoder.paper,
        "year": encoder.year,
        "domain": encoder.domain,
        "parameters": n_parameters(model),
        "multiply_accumulates": None if is_bank else multiply_accumulates(model),
        "receptive_field": drawn.receptive_field,
        "pooling": "of its own" if is_bank else pooling if isinstance(pooling, str) else _shown(pooling),
        "variable_length": n_parameters(any_length) == n_parameters(model),
        "multivariate": encoder.paper_shape is None or encoder.paper_shape[1] > 1,
        "fully_convolutional": is_plain and not is_bank and not is_recurrent,
        "causal": is_causal,
        "fixed_bank": is_bank,
        "paper_training": type(encoder).paper_training is not encoders.Encoder.paper_training,
        "input_shape": input_shape,
    }


def _shown(pooling):
    n_kept = getattr(pooling, "chunks", None) or getattr(pooling, "k", "")
    return f"{type(pooling).__name__}({n_kept})"


def _is_causal(encoder, input_shape):
    """Return whether features see no later step, by default or by a parameter."""
    from seqconv.encoders.costs import draw

    if "padding" not in encoder.get_params():
        return getattr(encoder, "padding", None) == "causal"
    try:
        draw(encoders.get(encoder).set_params(padding="causal"), input_shape, 2)
    except ValueError:  # its pooling has no causal form
        return False
    return True
