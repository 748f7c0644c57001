"""Networks that are fed step by step."""

from typing import Any

import keras
import numpy as np

from seqconv.arguments import whole
from seqconv.models.stream_graph import StreamGraph
from seqconv.models.stream_pools import pooled_parts, running

# A block has at most so many feature steps.
_MOST = 256


class StreamingModel:
    """Twin of a causal or valid network that is fed a recording in chunks of any size.

    Each convolution and local pool keeps the last steps that it still needs. So a step is computed once, and the
    answers are those for the recording in one piece.

    Parameters
    ----------
    model : keras.Model
        Network of `build_classifier`, `build_regressor` or your own layers, from series to features or to answers. Its
        convolutions have padding "causal" or "valid", its local pools "valid". Weights are copied.
    window : int, optional
        Number of input steps whose features the global pooling sees. None pools all steps since the last `reset`, which
        mean, maximum and last step can do: the answer is that of the model for the steps so far. In a valid network with
        `window`, the answer is that of the model for the last `window` steps.

    Attributes
    ----------
    first_step : int
        Number of steps before the first answer.
    strides : int
        Steps from one answer to the next.

    Raises
    ------
    ValueError
        If a layer looks at later steps or at the whole case. The message names it.
    ValueError
        If the pooling needs a window, or the window is too short for one feature step.
    TypeError
        If `model` is not a Keras model.

    Notes
    -----
    A step whose channels are all NaN is hidden, as in the model. Answers at hidden feature steps repeat what the
    pooling holds. Cases of one call are fed side by side as streams of their own.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.encoders import TCN
    >>> from seqconv.models import build_classifier, streaming
    >>> model = build_classifier(TCN(filters=4, depth=2), (None, 1), 3, seed=0)
    >>> x = np.random.default_rng(0).normal(size=(50, 1)).astype("float32")
    >>> stream = streaming(model)
    >>> answers = np.concatenate([stream.feed(x[:20]), stream.feed(x[20:])])
    >>> answers.shape, bool(np.allclose(answers[-1], model(x[None])[0], atol=1e-5))
    ((50, 3), True)
    """

    def __init__(self, model: keras.Model, window: int | None = None) -> None:
        window = whole("window", window, 1, optional=True)
        pooling, features = pooled_parts(model)
        self._graph = StreamGraph(model.inputs[0], features)
        self.first_step, self.strides = self._graph.n_first - 1, self._graph.strides
        self._n_channels, self._n_features = model.inputs[0].shape[-1], features.shape[-1]
        self._pool, self._n_pooled, self._tail = None, 0, None
        if pooling is not None and window is None:
            self._pool = running(pooling)
            self._tail = _copied(keras.Model(pooling.output, model.outputs[0]))
        elif pooling is not None:
            self._n_pooled = self._graph.counts(window)[self._graph.last]
            if self._n_pooled == 0:
                raise ValueError(
                    f"window must hold a feature step, at least {self._graph.n_first} steps, got {window}."
                )
            self._tail = _pooled_tail(pooling, features, self._n_pooled, model.outputs[0])
        elif window is not None:
            raise ValueError(f"window requires a network with a global pooling, got window={window}.")
        self._blocks: dict = {(True, self._graph.n_first, False): self._graph.first_block}
        self.reset()

    def reset(self) -> None:
        """Forget all steps fed so far."""
        self._n_done = 0
        self._waiting: Any = None
        self._memory: dict = {}
        self._recent: Any = None
        self._recent_mask: Any = None
        if self._pool is not None:
            self._pool.reset()

    def feed(self, chunk: Any) -> np.ndarray:
        """Take the next steps, and return the answer at each new output step.

        Parameters
        ----------
        chunk : array of shape (n_steps,), (n_steps, n_channels) or (n_streams, n_steps, n_channels)
            Any number of steps, also none. NaN in all channels hides a step.

        Returns
        -------
        array of shape (n_answers, n_outputs) or (n_streams, n_answers, n_outputs)
            Answer i of the stream belongs to step ``first_step + i * strides``, from 0. With `window`, the first is
            that after `window` steps.

        Raises
        ------
        ValueError
            If the shape is another one, or the number of streams changed since the last `reset`.
        """
        chunk = np.asarray(chunk, dtype=np.float32)
        x = chunk[:, None] if chunk.ndim == 1 else chunk
        if x.ndim not in (2, 3) or x.shape[-1] != self._n_channels:
            raise ValueError(
                f"chunk must be (steps, {self._n_channels}), or three axes with the streams first, got {chunk.shape}."
            )
        is_one = x.ndim == 2
        x = x[None] if is_one else x  # (streams, steps, channels)
        if self._waiting is None:
            self._waiting = x[:, :0]
        if len(x) != len(self._waiting):
            raise ValueError(f"chunk must have {len(self._waiting)} streams as before, got {len(x)}. Call reset first.")
        self._waiting = np.concatenate([self._waiting, x], axis=1)
        answers = []
        while (n_steps := self._n_next(self._waiting.shape[1])) > 0:
            answers.append(self._answers(*self._features(self._waiting[:, :n_steps])))
            self._waiting = self._waiting[:, n_steps:]
        joined = np.concatenate(answers, axis=1) if answers else np.zeros((len(x), 0, self.n_outputs), np.float32)
        return joined[0] if is_one else joined

    @property
    def n_outputs(self) -> int:
        """Number of features or probabilities at each output step."""
        return self._n_features if self._tail is None else self._tail.output_shape[-1]

    def _n_next(self, n_waiting):
        """Return the steps of the next block: a power of two of strides, so that few networks are drawn."""
        if self._n_done == 0:
            return self._graph.n_first if n_waiting >= self._graph.n_first else 0
        n = min(n_waiting // self.strides, _MOST)
        return 0 if n == 0 else self.strides << (n.bit_length() - 1)

    def _features(self, x):
        """Return the features of the next block (streams, steps, features) and their mask, or None."""
        n_steps = x.shape[1]
        has_hidden = any(part == 1 and not values.all() for (_, _, part), values in self._memory.items())
        masked = has_hidden or bool(np.isnan(x).any())
        # After the first block the memory has the same lengths whenever a block ends.
        key = (self._n_done == 0, n_steps, masked)
        if key not in self._blocks:
            self._blocks[key] = self._graph.block(self._n_done, n_steps, masked)
        block = self._blocks[key]
        kept = [self._kept(key, shape, dtype, len(x)) for key, (shape, dtype) in block.kept.items()]
        features, *others = _listed(block.model.predict_on_batch([x, *kept] if kept else x))
        mask = others.pop(0) if block.has_mask else None
        self._memory = dict(zip(block.left, others, strict=True))
        self._n_done += n_steps
        return features, mask

    def _kept(self, key, shape, dtype, n_streams):
        if key in self._memory:
            return self._memory[key]
        # Zeros before the first step; and steps seen before the first hidden one are real.
        return np.full((n_streams, *shape), key[2], dtype)

    def _answers(self, features, mask):
        if self._tail is None:
            return features
        n_streams = len(features)
        if self._pool is not None:
            pooled = self._pool(features, mask)  # (streams, steps, features)
            flat = self._tail.predict_on_batch(pooled.reshape(-1, pooled.shape[-1]))
            return flat.reshape(n_streams, -1, flat.shape[-1])
        real = np.ones(features.shape[:2], bool) if mask is None else mask
        if self._recent is not None:
            features = np.concatenate([self._recent, features], axis=1)
            real = np.concatenate([self._recent_mask, real], axis=1)
        first = max(0, features.shape[1] - self._n_pooled + 1)
        self._recent, self._recent_mask = features[:, first:], real[:, first:]
        if features.shape[1] < self._n_pooled:
            return np.zeros((n_streams, 0, self.n_outputs), np.float32)
        views = np.lib.stride_tricks.sliding_window_view(features, self._n_pooled, axis=1)
        views = np.ascontiguousarray(np.swapaxes(views, 2, 3)).reshape(-1, self._n_pooled, features.shape[-1])
        masks = np.lib.stride_tricks.sliding_window_view(real, self._n_pooled, axis=1).reshape(-1, self._n_pooled)
        flat = self._tail.predict_on_batch([views, masks])
        return flat.reshape(n_streams, -1, flat.shape[-1])


def streaming(model: keras.Model, window: int | None = None) -> StreamingModel:
    """Make the streaming twin of a causal or valid network; see `StreamingModel`.

    Examples
    --------
    >>> from seqconv.encoders import FCN
    >>> from seqconv.models import build_classifier, streaming
    >>> streaming(build_classifier(FCN(padding="valid"), (None, 1), 2)).first_step
    13
    """
    return StreamingModel(model, window)


def _listed(outputs):
    return outputs if isinstance(outputs, list | tuple) else [outputs]


def _copied(model):
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    copy.compile(jit_compile=False)
    return copy


def _pooled_tail(pooling, features, n_steps, output):
    """Return pooling and head for so many feature steps and their mask."""
    x = keras.Input((n_steps, features.shape[-1]), dtype=features.dtype)
    mask = keras.Input((n_steps,), dtype="bool")
    copy = type(pooling).from_config(pooling.get_config())
    pooled = copy(x, **({"mask": mask} if copy._call_has_mask_arg else {}))
    copy.set_weights(pooling.get_weights())
    head = _copied(keras.Model(pooling.output, output))
    tail = keras.Model([x, mask], head(pooled))
    tail.compile(jit_compile=False)
    return tail
