import keras
import numpy as np
import pytest
from keras import ops

from seqconv.layers.k_largest import k_largest, k_largest_by_top_k

FORMS = [k_largest, k_largest_by_top_k]
INF = float("inf")


def k_largest_oracle(x, mask, k):
    """Values (batch, k, channels) and, 1 at every kept value, their places (batch, steps, channels)."""
    n_cases, n_steps, n_channels = x.shape
    y = np.zeros((n_cases, k, n_channels), x.dtype)
    places = np.zeros(x.shape, "float32")
    for b in range(n_cases):
        for c in range(n_channels):
            real = [t for t in range(n_steps) if mask is None or mask[b, t]]
            real.sort(key=lambda t, b=b, c=c: (not np.isnan(x[b, t, c]), -np.nan_to_num(x[b, t, c], nan=0.0), t))
            for slot, t in enumerate(sorted(real[:k])):
                y[b, slot, c] = x[b, t, c]
                places[b, t, c] = 1
    return y, places


def outer_gradient(form, x, mask, k, upstream):
    """Gradient of sum(form(x) * upstream) to x."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        x = tf.convert_to_tensor(x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(form(x, mask, k) * upstream)
        return np.asarray(tf.convert_to_tensor(tape.gradient(total, x)))
    if keras.backend.backend() == "jax":
        import jax

        return np.asarray(jax.grad(lambda x: (form(x, mask, k) * upstream).sum())(ops.convert_to_tensor(x)))
    x = ops.convert_to_tensor(x).requires_grad_(True)
    (form(x, mask, k) * ops.convert_to_tensor(upstream)).sum().backward()
    return x.grad.cpu().numpy()


def mixed_mask(rng, n_steps):
    """Five cases: all real, right-padded, left-padded, ragged, none real."""
    t = np.arange(n_steps)
    cut = rng.integers(1, n_steps + 1)
    return np.stack([t >= 0, t < cut, t >= n_steps - cut, rng.random(n_steps) < 0.5, t < 0])


def values(kind, rng, shape):
    x = rng.normal(size=shape)
    if kind == "ties":
        x = rng.integers(-1, 2, shape) * rng.choice([1.0, -1.0], shape)  # with both zeros
    elif kind == "infinite":
        x = rng.choice([-INF, -INF, INF, 0.5, -2.0], shape)
    elif kind == "nan":
        x = rng.choice([np.nan, INF, -INF, 1.0, 2.0, 3.0], shape)
    return x.astype("float32")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["normal", "ties", "infinite", "nan"])
@pytest.mark.parametrize(("n_steps", "k"), [(1, 1), (5, 3), (16, 4), (37, 1), (37, 20), (64, 8), (7, 40)])
def test_the_values_and_their_order_are_those_of_the_slow_loop(form, kind, n_steps, k, rng):
    x = values(kind, rng, (5, n_steps, 3))
    for mask in (None, mixed_mask(rng, n_steps)):
        np.testing.assert_array_equal(ops.convert_to_numpy(form(x, mask, k)), k_largest_oracle(x, mask, k)[0])


def compiled(form, k):
    """The form in the mode of its backend that changes most: XLA."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.function(lambda x, mask: form(x, mask, k), jit_compile=True)
    if keras.backend.backend() == "jax":
        import jax

        return jax.jit(lambda x, mask: form(x, mask, k))
    return lambda x, mask: form(x, mask, k)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["normal", "ties", "infinite", "nan"])
def test_compiled_code_gives_the_same(form, kind, rng):
    x, mask = values(kind, rng, (5, 37, 3)), mixed_mask(rng, 37)
    for k in (1, 6):
        answer = ops.convert_to_numpy(compiled(form, k)(ops.convert_to_tensor(x), ops.convert_to_tensor(mask)))
        np.testing.assert_array_equal(answer, k_largest_oracle(x, mask, k)[0])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["normal", "ties", "infinite", "nan"])
@pytest.mark.parametrize("k", [1, 5])
def test_the_gradient_is_1_at_each_kept_step_and_0_elsewhere(form, kind, k, rng):
    x = values(kind, rng, (5, 21, 2))
    for mask in (None, mixed_mask(rng, 21)):
        _, places = k_largest_oracle(x, mask, k)
        np.testing.assert_array_equal(outer_gradient(form, x, mask, k, np.float32(1)), places)


@pytest.mark.parametrize("form", FORMS)
def test_each_slot_sends_its_own_gradient_to_its_own_step(form, rng):
    x = values("normal", rng, (5, 40, 2))
    mask = mixed_mask(rng, 40)
    upstream = rng.normal(size=(5, 6, 2)).astype("float32")
    _, places = k_largest_oracle(x, mask, 6)
    gradient = outer_gradient(form, x, mask, 6, upstream)
    for b in range(5):
        for c in range(2):
            kept = np.flatnonzero(places[b, :, c])
            np.testing.assert_array_equal(gradient[b, kept, c], upstream[b, : len(kept), c])
            assert np.count_nonzero(gradient[b, :, c]) == len(kept)


@pytest.mark.parametrize("form", FORMS)
def test_of_equal_values_the_earliest_are_kept(form):
    x = np.array([7, 7, 5, 7, 5, 5, 5, 5] * 5, "float32")[None, :, None]
    mask = np.arange(40)[None] != 1
    kept = outer_gradient(form, x, mask, 16, np.float32(1))[0, :, 0]
    sevens = [t for t in range(40) if t % 8 in (0, 1, 3) and t != 1]
    assert np.flatnonzero(kept).tolist() == sorted([*sevens, 2, 4])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("k", [1, 7])
def test_every_float_type_keeps_its_type_and_its_values(form, dtype, k, rng):
    if dtype == "float64" and keras.backend.backend() == "jax":
        pytest.skip("JAX holds float64 as float32 unless told otherwise")
    x = ops.cast(values("normal", rng, (2, 50, 3)), dtype)
    y = form(x, None, k)
    assert keras.backend.standardize_dtype(y.dtype) == dtype
    plain = ops.convert_to_numpy(ops.cast(x, "float64" if dtype == "float64" else "float32"))
    np.testing.assert_array_equal(
        ops.convert_to_numpy(ops.cast(y, str(plain.dtype))), k_largest_oracle(plain, None, k)[0]
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("k", [1, 5])
def test_subnormal_numbers_fill_their_slots(form, k):
    x = np.full((1, 40, 1), 1e-40, "float32")
    mask = np.arange(40)[None] >= 3
    kept = outer_gradient(form, x, mask, k, np.float32(1))[0, :, 0]
    assert np.flatnonzero(kept).tolist() == [3, 4, 5, 6, 7][:k]


@pytest.mark.parametrize("form", FORMS)
def test_what_stands_under_the_mask_changes_nothing(form, rng):
    x = values("normal", rng, (5, 33, 2))
    mask = mixed_mask(rng, 33)
    expected = ops.convert_to_numpy(form(x, mask, 4))
    for garbage in (np.nan, INF, -INF, 1e30):
        np.testing.assert_array_equal(
            ops.convert_to_numpy(form(np.where(mask[..., None], x, garbage), mask, 4)), expected
        )


def test_a_case_alone_equals_the_case_in_a_padded_batch(rng):
    x = values("ties", rng, (3, 45, 2))
    lengths = [45, 18, 3]
    together = ops.convert_to_numpy(k_largest(x, np.arange(45) < np.array(lengths)[:, None], 6))
    for b, length in enumerate(lengths):
        np.testing.assert_array_equal(ops.convert_to_numpy(k_largest(x[b : b + 1, :length], None, 6))[0], together[b])


def test_reversed_time_gives_reversed_values(rng):
    x = values("normal", rng, (4, 53, 3))
    np.testing.assert_array_equal(
        ops.convert_to_numpy(k_largest(x[:, ::-1], None, 9)), ops.convert_to_numpy(k_largest(x, None, 9))[:, ::-1]
    )


def test_channels_do_not_see_each_other(rng):
    x = values("normal", rng, (5, 29, 6))
    mask, order = mixed_mask(rng, 29), rng.permutation(6)
    np.testing.assert_array_equal(
        ops.convert_to_numpy(k_largest(x[..., order], mask, 4)), ops.convert_to_numpy(k_largest(x, mask, 4))[..., order]
    )


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="only TensorFlow traces with unknown lengths")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("known", [(None, None), (4, None), (None, 16)])
@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize("k", [1, 5])
def test_batch_and_length_may_be_unknown_when_traced(form, jit_compile, known, k, rng):
    import tensorflow as tf

    signature = [tf.TensorSpec([*known, 2], tf.float32), tf.TensorSpec(known, tf.bool)]

    @tf.function(input_signature=signature, jit_compile=jit_compile)
    def traced(x, mask):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = form(x, mask, k)
        return y, tf.convert_to_tensor(tape.gradient(y, x))

    for n_cases, n_steps in ((2, 3), (4, 16), (5, 41)):
        n_cases, n_steps = known[0] or n_cases, known[1] or n_steps
        x, mask = values("ties", rng, (n_cases, n_steps, 2)), mixed_mask(rng, n_steps)[-n_cases:]
        for answer, expected in zip(traced(x, mask), k_largest_oracle(x, mask, k), strict=True):
            np.testing.assert_array_equal(answer.numpy(), expected)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("k", [0, -2, 2.0, True, None])
def test_a_k_that_is_not_a_positive_integer_is_refused(form, k):
    with pytest.raises(ValueError, match="k must be a whole number of at least 1, got"):
        form(np.zeros((1, 4, 1), "float32"), None, k)
