"""The one fit loop."""

import io
import warnings
from dataclasses import dataclass, field

import keras
import numpy as np
from sklearn.exceptions import ConvergenceWarning

from seqconv.data.cases import DecodedCases, StoredCases, Survey
from seqconv.estimators.batches import made_ahead, plan_epoch, trimmed
from seqconv.estimators.quiet import quiet
from seqconv.models import complete_twin


@dataclass(frozen=True)
class Part:
    """Cases to train on or to watch, what is known of all of them, targets (n_cases, n_outputs) and weights (n_cases,) of
    mean 1."""

    cases: StoredCases | DecodedCases
    survey: Survey
    y: np.ndarray
    weight: np.ndarray

    def __len__(self):
        return len(self.y)

    def batch(self, rows):
        """X, targets and weights of these cases."""
        X = trimmed(self.cases, rows, self.survey.lengths, self.survey.n_steps)
        return X, self.y[rows], self.weight[rows]

    def batches(self, plan):
        """The batch of each row of `plan`; decoding runs beside what is done with the one before."""
        return made_ahead(self.batch, plan) if self.cases.is_decoded else map(self.batch, plan)


@dataclass
class Outcome:
    """How a training ended: what it recorded, its best epoch (from 0; None before the first ended), and whether Ctrl-C
    ended it."""

    history: dict = field(default_factory=dict)
    best_epoch: int | None = None
    interrupted: bool = False


class _NotFinite(Exception):
    """The loss is no number any more."""


def train(
    model,
    training,
    validation,
    recipe,
    loss,
    accuracy=None,
    *,
    output="head",
    seed,
    augment=(),
    callbacks=(),
    verbose=0,
    title="fit",
):
    """Train the model's weights in place; those of the best epoch are left in it.

    Parameters
    ----------
    model : keras.Model
        Network for cases with or without missing values.
    training, validation : Part
        Validation may be None: then the training loss is watched.
    recipe : Recipe
    loss : keras.losses.Loss
    accuracy : keras.metrics.Metric, optional
        Where given, the best epoch is the last whose accuracy on the validation part is within one standard error of the
        highest: earlier ones are ahead by luck, and their learning rate was still high. Not the loss, which rises by its
        few errors alone in a network that is ever surer of the same verdicts.
    output : str
        Name of the layer whose output is to meet the targets.
    seed : int
        The order of the cases in an epoch is derived from it and the epoch's number.
    augment : sequence of keras.layers.Layer
        Called in training as ``layer((x, y, weight), training=True)``, giving the same three.
    callbacks : sequence of keras.callbacks.Callback
        Told of the network, epochs and batches; let go of the network at the end.
    verbose : int
        1 shows a bar with the time left, 0 nothing.
    title : str
        What the messages call this training.

    Returns
    -------
    Outcome

    Warns
    -----
    ConvergenceWarning
        The loss stopped being finite; the weights of the best epoch before that are restored.
    """
    parts = [part for part in (training, validation) if part is not None]
    # Where nothing is hidden there is no need to pay for the mask; the twin shares the layers and so the weights.
    # A network of its own, so that the user's model carries no optimizer.
    if all(part.survey.is_complete for part in parts) and not any(getattr(one, "may_hide", True) for one in augment):
        network = complete_twin(model, output)
    else:
        network = keras.Model(model.input, model.get_layer(output).output)
    optimizer = recipe.make_optimizer(-(-len(training) // recipe.batch_size))
    # Or TensorFlow traces the first step twice: a third of the time of a short fit.
    optimizer.build(network.trainable_variables)
    network.compile(optimizer, loss, weighted_metrics=None if accuracy is None else [accuracy])
    run = _Run(network, training, validation, recipe, seed, augment, callbacks, verbose)
    stop = None
    try:
        with quiet():
            try:
                try:
                    run.all_epochs()
                except _NotFinite as error:
                    stop = str(error)
                except KeyboardInterrupt:
                    run.outcome.interrupted = True
                run.listeners.on_train_end()  # however it ended: some close their files here
            except KeyboardInterrupt:
                run.outcome.interrupted = True
    finally:
        is_best = run.settle()
        for callback in callbacks:
            _let_go(callback)
    if stop or not is_best:
        kept = "it began with" if run.outcome.best_epoch is None else f"of epoch {run.outcome.best_epoch + 1}"
        warnings.warn(
            f"{title} ended: the loss was {stop or 'no number after the last batch'}; the weights kept are those {kept}. "
            "Lower learning_rate.",
            ConvergenceWarning,
            stacklevel=2,
        )
    return run.outcome


def _let_go(callback):
    """Leave the network and closed files out of a callback, so that it can be copied and pickled as before the fit."""
    callback.set_model(None)
    for name, value in vars(callback).items():
        if isinstance(value, io.IOBase) and value.closed:
            setattr(callback, name, None)


class _Run:
    """One training: the network, its parts, and the best weights so far, in memory."""

    def __init__(self, network, training, validation, recipe, seed, augment, callbacks, verbose):
        self.network = network
        self.training = training
        self.validation = validation
        self.recipe = recipe
        self.seed = seed
        self.augment = augment
        n_batches = -(-len(training) // recipe.batch_size)
        told = {"epochs": recipe.epochs, "steps": n_batches, "verbose": verbose}
        self.listeners = keras.callbacks.CallbackList(list(callbacks), model=network, **told)
        self.bar = keras.utils.Progbar(recipe.epochs * n_batches, verbose=verbose, interval=0.5) if verbose else None
        self.outcome = Outcome()
        self.best = -np.inf
        # Epochs and weights: the start, the second best and the best. A loss is taken before the step that it causes, so
        # that only an answer of theirs shows whether the best weights still give numbers.
        self.kept = [(None, network.get_weights())]

    def all_epochs(self):
        self.network.stop_training = False
        self.listeners.on_train_begin()
        for epoch in range(self.recipe.epochs):
            self.listeners.on_epoch_begin(epoch)
            logs = self.one_epoch(epoch)
            self.listeners.on_epoch_end(epoch, logs)
            if self.network.stop_training or epoch - (self.kept[-1][0] or 0) >= self.recipe.patience:
                break
        if self.bar is not None:
            self.bar.update(self.bar.target, finalize=True)

    def one_epoch(self, epoch):
        rng = np.random.default_rng((self.seed, epoch))
        rows = plan_epoch(self.training.survey.lengths, self.recipe.batch_size, rng)
        total = 0.0
        for batch, chosen in enumerate(self.training.batches(rows)):
            loss = self.one_batch(batch, *chosen)
            if not np.isfinite(loss):
                raise self.not_finite(loss, f"in epoch {epoch + 1}, batch {batch + 1}")
            total += loss
            if self.bar is not None:
                self.bar.update(epoch * len(rows) + batch, [("loss", loss)])
        loss = total / len(rows)
        logs = {"loss": loss, "learning_rate": float(self.network.optimizer.learning_rate)}
        if self.validation is not None:
            found = evaluate(self.network, self.validation, self.recipe.batch_size)
            logs |= {f"val_{name}": value for name, value in found.items()}
            if not np.isfinite(found["loss"]):
                raise self.not_finite(found["loss"], f"on the validation part after epoch {epoch + 1}")
        for name, value in logs.items():
            self.outcome.history.setdefault(name, []).append(value)
        self.keep_if_best(epoch, logs)
        return logs

    def keep_if_best(self, epoch, logs):
        merit = logs.get("val_accuracy", -logs.get("val_loss", logs["loss"]))
        if merit >= self.best - self.slack():
            self.best = max(self.best, merit)
            self.kept = [self.kept[0], *self.kept[1:][-1:], (epoch, self.network.get_weights())]

    def slack(self):
        """By how much an epoch may be less accurate than the best and still be as good: one standard error."""
        if not 0 < self.best < 1:  # no accuracy, or one that has no error
            return 0.0
        return np.sqrt(self.best * (1 - self.best) / len(self.validation))

    def settle(self):
        """Leave the best weights that give numbers in the network; whether these are the best of all."""
        for epoch, weights in reversed(self.kept):
            self.network.set_weights(weights)
            self.outcome.best_epoch = epoch
            if self.gives_numbers():
                break
        return self.outcome.best_epoch == self.kept[-1][0]

    def gives_numbers(self):
        x, _, _ = self.training.batch(np.arange(min(len(self.training), self.recipe.batch_size)))
        answers = self.network(x, training=False)
        return bool(np.isfinite(np.asarray(answers)).all())

    def not_finite(self, loss, where):
        rate = float(self.network.optimizer.learning_rate)
        return _NotFinite(f"{loss} {where}, at learning rate {rate:.3g}")

    def one_batch(self, batch, x, y, weight):
        """Train on one batch; its loss."""
        for layer in self.augment:
            x, y, weight = layer((x, y, weight), training=True)
        self.listeners.on_train_batch_begin(batch)
        self.network.reset_metrics()  # some of Keras's backends answer with the mean of all batches since
        loss = float(self.network.train_on_batch(x, y, weight, return_dict=True)["loss"])
        self.listeners.on_train_batch_end(batch, {"loss": loss})
        return loss


def evaluate(network, part, batch_size):
    """Mean loss, and accuracy where the network counts it, over a part."""
    order = np.argsort(part.survey.lengths, kind="stable")
    totals = {}
    for x, y, weight in part.batches([order[start : start + batch_size] for start in range(0, len(order), batch_size)]):
        network.reset_metrics()
        for name, value in network.test_on_batch(x, y, weight, return_dict=True).items():
            # Keras divides a loss by the cases of the batch, an accuracy by their weight.
            share = len(x) if name == "loss" else weight.sum()
            totals[name] = totals.get(name, 0.0) + float(value) * share
    return {name: float(total / len(order)) for name, total in totals.items()}
