"""Train a network by gradient descent: the one fit loop."""

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from sklearn.exceptions import ConvergenceWarning

from seqconv.models import complete_twin
from seqconv.training.augmentation import fresh_layers
from seqconv.training.batches import most_steps_of, plan_epoch, sorted_batches
from seqconv.training.evaluation import evaluate, forget_batches
from seqconv.training.kept_weights import KeptWeights
from seqconv.training.optimizer_leak import without_leak
from seqconv.training.part import Part
from seqconv.training.progress import Progress
from seqconv.training.quiet import quiet
from seqconv.training.recipe import Outcome
from seqconv.training.running_metrics import RunningMetrics
from seqconv.training.schedule import warmup_cosine


@dataclass(frozen=True)
class GradientRecipe:
    """Train by gradient descent and keep the weights of the best epoch.

    Parameters
    ----------
    epochs : int
        Maximum number of passes over the training part.
    batch_size : int
        Largest batch.
    patience : int
        Epochs without a best one after which the training ends.
    loss : str
        Name of a class of `keras.losses`.
    accuracy : str, optional
        Name of a class of `keras.metrics`. If given, accuracy on the validation part chooses the best epoch: the last
        within one standard error of the highest. Not the loss: an over-confident network raises the loss without
        changing its predictions. If not, the loss chooses.
    output : str, default="head"
        Layer whose output is compared with the targets.
    learning_rate : float, default=1e-3
        Highest rate of `seqconv.training.schedule.warmup_cosine`.
    optimizer : str or keras.optimizers.Optimizer, default="adam"
        An object is a template: it is copied and keeps its own learning rate.
    augment : sequence of keras.layers.Layer
        Templates, called on training batches as ``layer((x, y, weight), training=True)``.
    callbacks : sequence of keras.callbacks.Callback
        Weights that one of them sets when the training ends are kept. Released from the network at the end.
    metrics : sequence of str or keras.metrics.Metric
        Templates of further metrics, whose values are kept in the history.
    verbose : {0, 1}, default=0
        1 shows progress.
    """

    epochs: int
    batch_size: int
    patience: int
    loss: str
    accuracy: str | None = None
    output: str = "head"
    learning_rate: float = 1e-3
    optimizer: Any = "adam"
    augment: Sequence[Any] = ()
    callbacks: Sequence[Any] = ()
    metrics: Sequence[Any] = ()
    verbose: int = 0

    def fit(self, network: Any, training: Part, validation: Part | None, seed: int, title: str = "fit") -> Outcome:
        """Train the network in place; see `seqconv.training.recipe.Recipe`.

        Warns
        -----
        ConvergenceWarning
            If the loss stops being finite. The weights of the best epoch before that are kept.
        """
        augment = fresh_layers(self.augment, seed)
        running = RunningMetrics(self.metrics)
        compiled = self._compiled(network, training, validation, augment, running)
        run = _Run(self, compiled, training, validation, seed, augment, running, title)
        try:
            cause = run.train()
        finally:
            keeps_best = run.restore_best()
            for callback in self.callbacks:
                _release(callback)
        if cause or not keeps_best:
            epoch = run.outcome.best_epoch
            kept = "the initial ones" if epoch is None else f"those of epoch {epoch + 1}"
            warnings.warn(
                f"{title} ended: the loss was {cause or 'not a number after the last batch'}; the weights kept are "
                f"{kept}. Lower learning_rate.",
                ConvergenceWarning,
                stacklevel=2,
            )
        return run.outcome

    def make_optimizer(self, n_batches: int) -> Any:
        """Return a new optimizer for epochs of `n_batches` steps."""
        if not isinstance(self.optimizer, str):
            return without_leak(keras.optimizers.get(keras.optimizers.serialize(self.optimizer)))
        schedule = warmup_cosine(self.learning_rate, self.epochs * n_batches)
        optimizer = keras.optimizers.get(self.optimizer)
        return without_leak(type(optimizer).from_config(optimizer.get_config() | {"learning_rate": schedule}))

    def plan(self, training: Part, rng: np.random.Generator) -> list[np.ndarray]:
        """Draw the batches of an epoch; all epochs have the same number."""
        case_lengths = training.survey.lengths
        return plan_epoch(case_lengths, self.batch_size, rng, most_steps_of(case_lengths, self.batch_size))

    def _compiled(self, network, training, validation, augment, running):
        """Return a compiled model of the network's layers; the network itself carries no optimizer."""
        parts = [part for part in (training, validation) if part is not None]
        may_hide = any(getattr(layer, "may_hide", True) for layer in augment)
        # Where nothing is hidden the mask costs time and changes nothing.
        if all(part.survey.is_complete for part in parts) and not may_hide:
            compiled = complete_twin(network, self.output)
        else:
            compiled = keras.Model(network.input, network.get_layer(self.output).output)
        optimizer = self.make_optimizer(len(self.plan(training, np.random.default_rng(0))))
        # Without this TensorFlow traces the first step twice: a third of the time of a short fit.
        optimizer.build(compiled.trainable_variables)
        loss = getattr(keras.losses, self.loss)()
        metrics = [] if self.accuracy is None else [getattr(keras.metrics, self.accuracy)(name="accuracy")]
        compiled.compile(optimizer, loss, weighted_metrics=[*metrics, *running.metrics] or None)
        return compiled


class _NotFinite(Exception):
    """The loss is not a number any more."""


class _Run:
    """One training: the network, its parts, and the best weights so far, in memory."""

    def __init__(self, recipe, network, training, validation, seed, augment, running, title):
        self.recipe = recipe
        self.network = network
        self.training = training
        self.validation = validation
        self.seed = seed
        self.augment = augment
        self.running = running
        n_batches = len(recipe.plan(training, np.random.default_rng(0)))
        params = {"epochs": recipe.epochs, "steps": n_batches, "verbose": recipe.verbose}
        self.callbacks = keras.callbacks.CallbackList(list(recipe.callbacks), model=network, **params)
        self.progress = Progress(recipe.epochs, n_batches, title, recipe.verbose)
        self.outcome = Outcome()
        self.kept = KeptWeights(network)

    def train(self):
        """Train until the end, and return what stopped it, if the loss did."""
        cause = None
        with quiet():
            try:
                try:
                    self.all_epochs()
                except _NotFinite as error:
                    cause = str(error)
                except KeyboardInterrupt:
                    self.outcome.interrupted = True
                # However the training ended: some callbacks close their files here, or restore weights.
                before = self.network.get_weights() if self.recipe.callbacks else None
                self.callbacks.on_train_end()
                if before is not None:
                    self.kept.by_callback(before)
            except KeyboardInterrupt:
                self.outcome.interrupted = True
            finally:
                self.progress.close()
        return cause

    def all_epochs(self):
        self.network.stop_training = False
        self.callbacks.on_train_begin()
        for epoch in range(self.recipe.epochs):
            self.callbacks.on_epoch_begin(epoch)
            logs = self.one_epoch(epoch)
            self.callbacks.on_epoch_end(epoch, logs)
            self.progress.end_epoch(epoch, logs)
            if self.network.stop_training or epoch - self.kept.epoch >= self.recipe.patience:
                break

    def one_epoch(self, epoch):
        rng = np.random.default_rng((self.seed, epoch))
        plan = self.recipe.plan(self.training, rng)
        totals = {"loss": 0.0}
        self.running.restart()
        for batch, values in enumerate(self.training.batches(plan)):
            found = self.one_batch(batch, *values)
            if not np.isfinite(found["loss"]):
                raise self.not_finite(found["loss"], f"in epoch {epoch + 1}, batch {batch + 1}")
            totals = {name: totals.get(name, 0.0) + value for name, value in found.items()}
            self.progress.end_batch(epoch, batch, totals["loss"] / (batch + 1))
        logs = self.running.mean_or_last(totals, found, len(plan))
        logs["learning_rate"] = float(self.network.optimizer.learning_rate)
        if self.validation is not None:
            found = evaluate(self.network, self.validation, self.recipe.batch_size, self.running)
            logs |= {f"val_{name}": value for name, value in found.items()}
            if not np.isfinite(found["loss"]):
                raise self.not_finite(found["loss"], f"on the validation part after epoch {epoch + 1}")
        for name, value in logs.items():
            self.outcome.history.setdefault(name, []).append(value)
        self.kept.offer(epoch, logs, 0 if self.validation is None else len(self.validation))
        return logs

    def one_batch(self, batch, x, y, weight):
        """Train on one batch; return its loss and, where it is counted, its accuracy."""
        for layer in self.augment:
            x, y, weight = layer((x, y, weight), training=True)
        self.callbacks.on_train_batch_begin(batch)
        forget_batches(self.network)
        found = self.network.train_on_batch(x, y, weight, return_dict=True)
        found = {name: float(value) for name, value in found.items()}
        self.callbacks.on_train_batch_end(batch, found)
        return found

    def restore_best(self):
        """Set the best weights that give numbers; return whether these are the best of all."""
        self.outcome.best_epoch, is_best = self.kept.restore(self.gives_numbers)
        return is_best

    def gives_numbers(self):
        case_lengths, size = self.training.survey.lengths, self.recipe.batch_size
        rows = sorted_batches(case_lengths, size, most_steps_of(case_lengths, size))[0]
        x, _, _ = self.training.batch(np.sort(rows))
        answers = self.network(x, training=False)
        return bool(np.isfinite(keras.ops.convert_to_numpy(answers)).all())

    def not_finite(self, loss, where):
        rate = float(self.network.optimizer.learning_rate)
        return _NotFinite(f"{loss} {where}, at learning rate {rate:.3g}")


def _release(callback):
    """Remove the network and closed files from a callback, so that it can be copied and pickled as before the fit."""
    callback.set_model(None)
    for name, value in vars(callback).items():
        if isinstance(value, io.IOBase) and value.closed:
            setattr(callback, name, None)
