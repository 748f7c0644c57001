"""What classifier and regressor share: from raw records to trained members and back to answers."""

import pickle

import keras
import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils import _safe_indexing, check_random_state
from sklearn.utils.validation import _check_sample_weight, check_consistent_length, check_is_fitted, validate_data

from seqconv import encoders
from seqconv.data import SequenceSet
from seqconv.data.case_errors import renumbered
from seqconv.data.cases import DecodedCases, StoredCases, blocks, survey
from seqconv.data.checking import (
    check_sequences,
    is_list_of_cases,
    is_mapped,
    is_missing,
    refuse_mixture,
    refuse_text,
    refuse_what_is_no_array,
)
from seqconv.data.padding import longest_runs
from seqconv.data.splits import validation_split
from seqconv.estimators.augmentation import fresh_layers
from seqconv.estimators.batches import predict_in_batches
from seqconv.estimators.randomness import random_state_kept
from seqconv.estimators.recipe import (
    Recipe,
    choose_batch_size,
    choose_epochs,
    choose_patience,
    choose_validation_fraction,
)
from seqconv.estimators.settings import check_settings
from seqconv.estimators.training import Part, train
from seqconv.layers.registration import check_registered
from seqconv.models import SeriesStem, TokenStem, build_average

# What a fit on X without an adapter learns of its form.
_LEARNT_OF_ARRAYS = ("n_features_in_", "n_channels_in_", "_is_table", "feature_names_in_")


class SequenceEstimator(BaseEstimator):
    """Base of the estimators. A subclass reads the targets, builds the network and names its loss."""

    def __init__(
        self,
        encoder=None,
        *,
        adapter=None,
        pooling=None,
        augment=None,
        scaling="standard",
        epochs=None,
        batch_size=None,
        learning_rate=1e-3,
        optimizer="adam",
        validation_fraction=None,
        patience=None,
        n_members=1,
        callbacks=None,
        random_state=None,
        verbose=0,
    ):
        self.encoder = encoder
        self.adapter = adapter
        self.pooling = pooling
        self.augment = augment
        self.scaling = scaling
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.optimizer = optimizer
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.n_members = n_members
        self.callbacks = callbacks
        self.random_state = random_state
        self.verbose = verbose

    def set_params(self, **params):
        """Set parameters, also of the encoder and the adapter (``encoder__filters=64``).

        Raises
        ------
        ValueError
            A parameter of the encoder or the adapter, where that is a name or None.
        """
        for part in ("encoder", "adapter", "pooling"):
            nested = [name for name in params if name.startswith(f"{part}__")]
            owner = params.get(part, getattr(self, part))
            if nested and (owner is None or isinstance(owner, str)):
                examples = {"adapter": "TextAdapter()", "pooling": "[KMaxPooling1D(2, flatten=True), ...] to search"}
                example = examples.get(part) or f"{type(encoders.get(owner or 'fcn')).__name__}()"
                raise ValueError(
                    f"{nested[0]} needs an {part} object to be set on, got {part}={owner!r}; give {part}={example}."
                )
        return super().set_params(**params)

    def save(self, path):
        """Write the fitted estimator to one file that `seqconv.load` reads, atomically.

        Parameters
        ----------
        path : str or path
            An old file there stays whole until the new one is.

        Raises
        ------
        ValueError
            A part that is neither ours nor Keras's; nothing is written.
        OSError
            The disk is full or the folder closed; the old file is left as it was.
        """
        from seqconv.estimators.saving import save

        check_is_fitted(self)
        save(self, path)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.input_tags.allow_nan = True
        tags.input_tags.string = self.adapter is not None
        return tags

    def __getstate__(self):
        state = super().__getstate__().copy()
        state.pop("model_", None)  # its weights are the members'
        if "members_" in state:
            state["members_"] = pickle.dumps(state["members_"])
        return state

    def __setstate__(self, state):
        super().__setstate__(state)
        if "members_" in state:
            with random_state_kept():
                self.members_ = pickle.loads(state["members_"])
                self.model_ = build_average(self.members_)

    # ---- fit

    def _fit(self, X, y, sample_weight, groups, validation_data):
        before = vars(self).copy()
        try:
            interrupted = self._fit_members(X, y, sample_weight, groups, validation_data)
        except BaseException as error:
            vars(self).clear()
            vars(self).update(before)
            if isinstance(error, KeyboardInterrupt):
                what = "fit was interrupted before it had a network to keep; the estimator is as it was."
                raise KeyboardInterrupt(what) from error
            raise
        if interrupted:
            raise KeyboardInterrupt(
                f"fit was interrupted; the estimator holds {len(self.members_)} member(s), each at its best epoch."
            )
        return self

    def _fit_members(self, X, y, sample_weight, groups, validation_data):
        check_settings(self)
        for name in _LEARNT_OF_ARRAYS:  # of an earlier fit, which may have been on another kind of X
            vars(self).pop(name, None)
        self._min_steps = 1 if self.encoder is None else encoders.get(self.encoder).min_steps
        X, y, groups = unpacked(X, y, groups)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        X = self._read_cases(X, self.adapter, reset=True)
        targets = self._read_targets(X, y)
        weight = self._case_weights(X, targets, sample_weight)
        rows, watched_rows = self._split(targets, weight, groups, validation_data, seed)
        with renumbered(rows):
            self.adapter_ = None if self.adapter is None else clone(self.adapter).fit(_safe_indexing(X, rows))
        self._learn_targets(targets[rows], weight[rows])
        training = self._part(X, targets, weight, rows)
        n_channels = training.survey.shape[-1] if training.survey.shape else None
        if validation_data is not None:
            watched = self._read_validation(validation_data, n_channels)
        elif len(watched_rows):
            watched = self._part(X, targets, weight, watched_rows, n_channels)
        else:
            watched = None
        return self._train_members(training, watched, seed)

    def _train_members(self, training, watched, seed):
        """Train the members one by one; whether Ctrl-C ended it."""
        encoder, pooling = self._network()
        self.members_, histories, interrupted = [], [], False
        for number in range(self.n_members):
            try:
                model, outcome = self._train_member(number, encoder, pooling, training, watched, seed)
            except KeyboardInterrupt:
                interrupted = True
                break
            interrupted = outcome.interrupted
            if outcome.best_epoch is not None or not interrupted:
                self.members_.append(model)
                histories.append(outcome.history)
            if interrupted:
                break
        if not self.members_:
            raise KeyboardInterrupt
        self.model_ = build_average(self.members_)
        self.history_ = histories[0] if self.n_members == 1 else {"members": histories}
        return interrupted

    def _train_member(self, number, encoder, pooling, training, watched, seed):
        member_seed = int(np.random.SeedSequence((seed, number)).generate_state(1)[0])
        model = self._build(encoder, pooling, training, member_seed)
        for layer in model.layers:  # before the training, which a pickle that cannot be read would lose
            check_registered(layer, "A layer of the encoder")
        outcome = train(
            model,
            training,
            watched,
            self._recipe(training),
            self._loss(),
            self._accuracy(),
            output=self._trained_layer,
            seed=member_seed,
            augment=fresh_layers(self.augment, member_seed),
            callbacks=self.callbacks or (),
            verbose=self.verbose,
            title="fit" if self.n_members == 1 else f"fit of member {number + 1} of {self.n_members}",
        )
        return model, outcome

    def _read_cases(self, X, adapter, reset):
        """X as it can be indexed by case: checked numbers (cases, steps, channels), or raw records for the adapter."""
        if adapter is not None:
            if isinstance(X, str) or not hasattr(X, "__len__") or len(X) == 0:
                what = "none" if hasattr(X, "__len__") and len(X) == 0 else f"a {type(X).__name__}"
                raise ValueError(f"X must be a list or array of at least one raw record, got {what}.")
            # Before anything is split off, so that the message has the user's number of the case.
            return adapter.check(X) if hasattr(adapter, "check") else X
        refuse_what_is_no_array(X)
        is_table = not is_list_of_cases(X)
        if is_table:
            values = X if is_mapped(X) else np.asarray(X)
            is_table = values.ndim <= 2
            if values.shape == (0,):
                raise ValueError("X must hold at least one case, got none.")
            if values.ndim == 1 and isinstance(next(iter(values), None), str):
                raise TypeError("X must be numbers where there is no adapter, got strings; give adapter=TextAdapter().")
        if is_table and (reset or self._is_table):
            if values.dtype == object:  # scikit-learn would read their numbers
                refuse_text(values, "X")
            # scikit-learn would read a map as a whole; `check_sequences` looks at it block by block.
            X = validate_data(
                self, X, reset=reset, skip_check_array=is_mapped(X), ensure_all_finite=False, dtype="numeric"
            )
        X = check_sequences(X, None if reset else self.n_channels_in_)
        if reset:
            self._is_table = is_table
            self.n_channels_in_ = X.shape[2]
            if not is_table:
                self.n_features_in_ = X.shape[2]
        self._check_lengths(X)
        return X

    def _check_lengths(self, X, names=None):
        if self._min_steps == 1:
            return
        runs = np.concatenate([longest_runs(X[block]) for block in blocks(X)])
        if runs.min() < self._min_steps:
            case = int(np.argmax(runs < self._min_steps))
            raise ValueError(
                f"each case must have {self._min_steps} observed steps in a row for the filters of the encoder, case "
                f"{case if names is None else names[case]} has {runs[case]}; use padding='same' or shorter filters."
            )

    def _arrays(self, X, n_channels=None, names=None):
        """X as the network takes it, what an adapter made of it checked.

        It must have `n_channels` channels; `names` are the user's numbers of its cases.
        """
        if self.adapter_ is None:
            return X
        with renumbered(range(len(X)) if names is None else names):
            arrays = self.adapter_.transform(X)
        if len(arrays) != len(X):
            raise ValueError(f"the adapter must keep the cases as they come, it made {len(arrays)} of {len(X)}.")
        if not hasattr(self.adapter_, "n_tokens_"):
            arrays = check_sequences(arrays, n_channels, names)
        self._check_lengths(arrays, names)
        return arrays

    def _part(self, X, targets, weight, rows, n_channels=None):
        cases = self._cases(X, rows, n_channels)
        weight = weight[rows]
        found = self._survey(cases)
        return Part(cases, found, self._scaled(targets[rows]), (weight / weight.mean()).astype(np.float32))

    def _cases(self, X, rows, n_channels=None):
        """The cases of these rows of X, decoded by the adapter now or, where it streams, whenever they are taken."""
        if self.adapter_ is None:
            return StoredCases(X, rows)
        is_ids = hasattr(self.adapter_, "n_tokens_")
        if getattr(self.adapter_, "stream", False):
            return DecodedCases(
                len(rows),
                lambda chosen: self._arrays(_safe_indexing(X, rows[chosen]), n_channels, rows[chosen]),
                is_ids,
            )
        return StoredCases(self._arrays(_safe_indexing(X, rows), n_channels, rows), is_ids=is_ids)

    def _survey(self, cases):
        """What is to be known of all cases; where they are decoded for it, that takes long and shows progress."""
        bar = keras.utils.Progbar(len(cases), interval=0.5) if self.verbose and cases.is_decoded else None
        return survey(cases, bar and bar.update)

    # The layer whose output is held against the targets, and what is done to these before.
    _trained_layer = "head"

    def _learn_targets(self, targets, weight):
        pass

    def _scaled(self, targets):
        return targets

    def _missing_class(self, targets):
        return None

    def _accuracy(self):
        return None

    def _case_weights(self, X, targets, sample_weight):
        """Weights of the cases, those of their classes included."""
        weight = _check_sample_weight(sample_weight, targets, dtype=np.float64, ensure_non_negative=True)
        if not weight.any():
            raise ValueError(f"sample_weight must be above zero for some case, got zero for all {len(weight)} cases.")
        return weight / weight.max()

    def _split(self, targets, weight, groups, validation_data, seed):
        """Rows to train on and rows to watch. A case of weight 0 is in neither: it is as if left out."""
        kept = np.flatnonzero(weight)
        if groups is not None:
            check_consistent_length(targets, groups)
            groups = _checked_groups(groups)[kept]
        classes = self._strata(targets[kept])
        fraction = choose_validation_fraction(len(kept), self.validation_fraction, self._reads_text(), classes, groups)
        if validation_data is not None or fraction == 0:
            return kept, kept[:0]
        rows, watched = validation_split(len(kept), fraction, seed, classes, groups)
        missing = self._missing_class(targets[kept[rows]])
        if missing is None:
            return kept[rows], kept[watched]
        if self.validation_fraction is None:  # nobody asked for a validation part
            return kept, kept[:0]
        raise ValueError(
            f"each class must be in the training part, class {missing!r} is not: all its cases are set apart for "
            "validation or have weight 0; set validation_fraction=0, give validation_data or change the weights."
        )

    def _reads_text(self):
        tags = getattr(self.adapter, "__sklearn_tags__", None)
        return tags is not None and tags().input_tags.string

    def _read_validation(self, validation_data, n_channels):
        if isinstance(validation_data, SequenceSet):
            if validation_data.y is None:
                raise ValueError("validation_data must have labels, got a SequenceSet without y.")
            validation_data = validation_data.X, validation_data.y
        if not isinstance(validation_data, tuple | list) or len(validation_data) not in (2, 3):
            what = (
                f"{len(validation_data)} parts" if isinstance(validation_data, tuple | list) else type(validation_data)
            )
            raise ValueError(f"validation_data must be (X, y), (X, y, sample_weight) or a SequenceSet, got {what}.")
        try:
            X = self._read_cases(validation_data[0], self.adapter_, reset=False)
            targets = self._encode(X, validation_data[1], "validation_data")
            weight = _check_sample_weight(*(*validation_data[2:], None)[:1], targets, ensure_non_negative=True)
            if not weight.any():
                raise ValueError("sample_weight must be above zero for some case.")
            return self._part(X, targets, weight, np.arange(len(targets)), n_channels)
        except (ValueError, TypeError) as error:
            raise type(error)(f"in validation_data: {error}") from error

    def _recipe(self, training):
        n_cases, is_tokens = len(training), training.cases.dtype.kind == "i"
        batch_size = choose_batch_size(n_cases, self.batch_size)
        epochs = choose_epochs(n_cases, batch_size, self.epochs, is_tokens)
        patience = choose_patience(epochs, self.patience)
        return Recipe(epochs, batch_size, self.learning_rate, self.optimizer, patience)

    def _network(self):
        """Encoder and pooling. Kim's network, chosen for a user who names none, pools mean and maximum, which is better."""
        if self.encoder is not None:
            return encoders.get(self.encoder), self.pooling
        if hasattr(self.adapter_, "n_tokens_"):
            return encoders.get("kim_cnn"), "mean_max" if self.pooling is None else self.pooling
        return encoders.get("inception_time"), self.pooling

    def _stem(self, training):
        adapter = self.adapter_
        if hasattr(adapter, "n_tokens_"):
            vectors, mode = getattr(adapter, "vectors_", None), getattr(adapter, "vectors_mode", "trained")
            n_dims = adapter.n_dims_ if vectors is None else vectors.shape[1]
            dropout = getattr(adapter, "piece_dropout", 0.0) if training.survey.shape else 0.0
            return TokenStem(adapter.n_tokens_, n_dims, vectors, mode, dropout)
        is_standard = self.scaling == "standard"
        return SeriesStem(
            self.scaling, *((training.survey.centre, training.survey.scale) if is_standard else (None, None))
        )

    # ---- predict

    def as_arrays(self, X):
        """X as the network takes it.

        Parameters
        ----------
        X : array, list of arrays or raw records
            As for `predict`.

        Returns
        -------
        array
            float32 ``(cases, steps, channels)`` with NaN where nothing was observed, or int32 ids
            ``(cases, steps[, pieces])``.
        """
        check_is_fitted(self)
        X = self._read_cases(unpacked_cases(X), self.adapter_, reset=False)
        arrays = self._arrays(X, self.model_.input_shape[-1])
        return arrays if hasattr(self.adapter_, "n_tokens_") else np.asarray(arrays, np.float32)

    def _predict_raw(self, X, changes=()):
        """What the network answers, float64 (cases, outputs): the mean of X as it is and as each of `changes` makes it."""
        check_is_fitted(self)
        X = self._read_cases(unpacked_cases(X), self.adapter_, reset=False)
        cases = self._cases(X, np.arange(len(X)), self.model_.input_shape[-1])
        is_ids = cases.dtype.kind == "i"
        parts = (StoredCases(X, is_ids=is_ids) for X in cases.in_blocks()) if cases.is_decoded else [cases]
        answers = [[predict_in_batches(self.model_, p, change=change) for change in (None, *changes)] for p in parts]
        answers = np.concatenate([np.mean(block, axis=0, dtype=np.float64) for block in answers])
        is_number = np.isfinite(answers).all(axis=1)
        if not is_number.all():
            case = int(is_number.argmin())
            raise ValueError(
                f"case {case}: the network's answer is no number; its values may be far beyond those of the training part."
            )
        return answers


def unpacked(X, y, groups):
    """X, y and groups, those of the sequence set where X is one."""
    if not isinstance(X, SequenceSet):
        return X, y, groups
    if y is not None or groups is not None:
        raise ValueError("a SequenceSet brings its own y and groups, got y or groups beside it; leave them out.")
    return X.X, X.y, X.groups


def unpacked_cases(X):
    """The cases, those of the sequence set where X is one."""
    return X.X if isinstance(X, SequenceSet) else X


def _checked_groups(groups):
    labels = np.asarray(groups, dtype=object)
    if labels.ndim != 1:
        raise ValueError(f"groups must be one label a case, got shape {labels.shape}.")
    missing = [is_missing(label) for label in labels]
    if any(missing):
        raise ValueError(f"each case must have a group, case {missing.index(True)} has none.")
    refuse_mixture(labels, "groups")
    return np.asarray(groups)
