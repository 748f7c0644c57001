"""What each kind of layer needs of the past, for networks fed step by step."""

from dataclasses import dataclass
from typing import Any

import keras

from seqconv import layers
from seqconv.geometry import receptive_field

_K = keras.layers
# What they answer at a step depends on that step alone.
_STEPWISE = (
    layers.ChannelShuffle,
    layers.GatedLinearUnit,
    layers.Highway,
    layers.LayerScale,
    layers.Maxout,
    layers.MissingMasking,
    _K.Activation,
    _K.BatchNormalization,
    _K.Dense,
    _K.Dropout,
    _K.ELU,
    _K.GaussianDropout,
    _K.GaussianNoise,
    _K.Identity,
    _K.LeakyReLU,
    _K.ReLU,
    _K.Rescaling,
    _K.SpatialDropout1D,
)
_JOINS = (_K.Add, _K.Average, _K.Maximum, _K.Minimum, _K.Multiply, _K.Subtract)
_CONVOLUTIONS = (_K.Conv1D, _K.DepthwiseConv1D, _K.SeparableConv1D)
_POOLS = (_K.AveragePooling1D, _K.MaxPooling1D)


@dataclass(frozen=True)
class Window:
    """Windows of a layer over time.

    Parameters
    ----------
    size, strides : int
        Steps of a window, and from one window to the next.
    zeros : int, default=0
        Zeros before the first step.
    """

    size: int
    strides: int = 1
    zeros: int = 0

    def n_outputs(self, n_steps: int) -> int:
        """Return the number of windows complete after so many steps."""
        return max(0, (n_steps + self.zeros - self.size) // self.strides + 1)

    def n_needed(self, n_outputs: int) -> int:
        """Return the number of steps that complete so many windows."""
        return (n_outputs - 1) * self.strides + self.size - self.zeros


def role(layer: keras.layers.Layer) -> Window | str:
    """Return the windows of a layer, or "stepwise" or "join".

    Raises
    ------
    ValueError
        If the layer looks at later steps or at the whole case.
    """
    if isinstance(layer, _CONVOLUTIONS):
        return _convolution(layer)
    if isinstance(layer, _POOLS):
        return _pool(layer)
    if isinstance(layer, _K.Cropping1D):
        return Window(1 + sum(layer.cropping))
    if isinstance(layer, _K.ZeroPadding1D) and layer.padding[1] == 0:
        return Window(1, zeros=layer.padding[0])
    if isinstance(layer, layers.EachGroup):
        return _each_group(layer)
    if isinstance(layer, _JOINS) or (isinstance(layer, _K.Concatenate) and layer.axis in (-1, 2)):
        return "join"
    if isinstance(layer, layers.ChannelScaling):
        if layer.per_case:
            raise cannot(layer, "scales by the moments of the whole case", 'scaling="standard"')
        return "stepwise"
    if isinstance(layer, _K.LayerNormalization | _K.Softmax):
        if layer.axis not in (-1, 2, [-1], [2]):
            raise cannot(layer, "works along the steps", "axis=-1")
        return "stepwise"
    if isinstance(layer, _STEPWISE):
        return "stepwise"
    raise cannot(
        layer, "may look at the whole case", "causal or valid convolutions, local pools and batch normalization"
    )


def cannot(layer: Any, reason: str, way_out: str) -> ValueError:
    """Make the error for a layer that cannot be fed step by step."""
    return ValueError(f"{layer.name} ({type(layer).__name__}) cannot stream: it {reason}. Use {way_out}.")


def fed(layer: keras.layers.Layer) -> keras.layers.Layer:
    """Make a copy of a layer, without weights, that adds no zeros of its own."""
    config = layer.get_config()
    if isinstance(layer, _CONVOLUTIONS):
        config["padding"] = "valid"
    if isinstance(layer, _K.ZeroPadding1D):  # its zeros are the first memory
        copy = _K.Identity(name=layer.name)
        copy.supports_masking = False
        return copy
    return type(layer).from_config(config)


def _convolution(layer):
    size, strides = layer.kernel_size[0], layer.strides[0]
    reach = (size - 1) * layer.dilation_rate[0]
    if layer.padding == "causal":
        return Window(reach + 1, strides, reach)
    if layer.padding == "valid" or reach == 0:
        return Window(reach + 1, strides)
    raise cannot(layer, f"looks ahead, with padding={layer.padding!r}", 'padding="causal" or "valid"')


def _pool(layer):
    size, strides = layer.pool_size[0], layer.strides[0]
    if layer.padding == "valid" or size == 1:
        return Window(size, strides)
    raise cannot(layer, f"looks ahead, with padding={layer.padding!r}", 'padding="valid"')


def _each_group(layer):
    roles = [role(one) for one in layer.layers]
    if "join" in roles or any(isinstance(one, Window) and one.zeros for one in roles):
        raise cannot(layer, "holds a causal convolution", 'padding="valid" within it')
    windows = [(one.size, one.strides, 1) for one in roles if isinstance(one, Window)]
    strides = 1
    for _, one, _ in windows:
        strides *= one
    return Window(receptive_field(windows), strides) if windows else "stepwise"
