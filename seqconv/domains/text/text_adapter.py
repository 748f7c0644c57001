"""Messages and sentences to token ids."""

from collections import Counter
from itertools import chain

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from seqconv.domains.text.parameters import check_parameters, check_state
from seqconv.domains.text.records import check_texts, text_cases
from seqconv.domains.text.tokens import (
    N_PAIRS,
    N_SHAPES,
    cut_units,
    find_units,
    n_gram_buckets,
    pair_bucket,
    shape_bucket,
)
from seqconv.domains.text.vectors import embedding_table, train_vectors

_UNKNOWN = 1
_FIRST = 2
_PAIR = 2  # place of the pair among the pieces of a subword
_MOST_IDS = 1 << 31  # 8 GiB


class TextAdapter(TransformerMixin, BaseEstimator):
    """Turn messages or sentences into the token ids that a network reads.

    Parameters
    ----------
    unit : {"subword", "word", "char"}, default="subword"
        What a step is. ``"word"``: a word, number, address, emoticon, punctuation mark or sign (``!!!`` is one). ``"char"``:
        a character, spaces included; for languages written without spaces. ``"subword"``: a word as before, given by
        pieces: its own id, that of its shape (``WIN`` and ``A`` are capitals, ``07781`` is five digits), that of the pair it
        makes with the word before, and those of its hashed character n-grams, so that misspelt and unseen words speak.
    max_tokens : int or None, default=None
        Learn at most so many units, the most frequent; equally frequent ones in order of the alphabet. The others are
        unknown.
    min_count : int, default=1
        Learn only units that occur at least so often.
    lowercase : bool, default=True
        Whether ``WIN`` and ``win`` are one unit.
    max_steps : int or None, default=None
        Longest text in steps; None never cuts, and then one very long text makes the whole array long. Documents of
        hundreds of words: 200 to 400, with `cut`, keep memory and time bounded.
    cut : {"end", "start", "middle"}, default="end"
        Which part of a longer text is dropped.
    n_grams : (int, int), default=(2, 5)
        Shortest and longest n-gram in characters, for ``"subword"``. The marks ``<`` and ``>`` around a word count.
    n_buckets : int, default=32768
        Ids that the n-grams share, for ``"subword"``; at most 2**24.
    max_pieces : int, default=48
        Most pieces of a word, for ``"subword"``: the word, its shape, its pair, then its n-grams, short ones first. At
        least 3. Bounds the array.
    piece_dropout : float, default=0.5
        Share of the pieces that is hidden in each training step of the network, for ``"subword"``, so that each learns to
        speak for the others; from 0 to below 1.
    vectors : None, "train", path or gensim KeyedVectors, default=None
        Where the embedding starts. None: at random. A word2vec, GloVe or fastText ``.vec`` file, text or binary, ``.gz`` or
        not, or vectors in memory: known words have theirs, the others and the unknown a random one of the same variance.
        ``"train"``: gensim's word2vec, for ``"subword"`` its fastText, on the texts given to `fit`.
    vectors_mode : {"trained", "static", "both"}, default="trained"
        Whether the vectors learn with the network, stay, or one table of each is added (Kim's multichannel). The last two
        need `vectors`.
    n_dims : int, default=64
        Length of a token's vector, where `vectors` does not tell it.
    random_state : int or None, default=0
        Seed of random and trained vectors; None draws anew in each fit.
    stream : bool, default=False
        Ask the estimator to call `transform` batch by batch beside the training, so that the ids of all texts never lie in
        memory at once. `transform` itself does the same.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Ids of the units learnt, from 2 on; 0 is no token, 1 is any unknown unit.
    n_tokens_ : int
        Ids are below this number: the vocabulary, the two special ids and the buckets.
    n_dims_ : int
        Length of a token's vector.
    vectors_ : array of float32, shape (n_tokens_, n_dims_), or None
        Where the embedding starts; row 0 is 0.

    Notes
    -----
    Shape: n_cases texts to int32 ``(n_cases, n_steps)``, or ``(n_cases, n_steps, n_pieces)`` for ``"subword"``, as long as
    the longest text and as wide as the word of most pieces, filled with 0 at the end. ``ids[:, :, 0]`` are then the ids of
    ``"word"``. Missing texts (None, NaN) are refused: a case must hold a character that is no white space, which gives it
    a step. So are bytes, half characters (surrogates) and control characters of ASCII but tabs and ends of lines and pages,
    the marks of what is no text or was read in a wrong way; wrong letters (``Ã©`` for ``é``) are letters like others. A byte
    order mark before a text is no part of it.

    With `vectors` of whole words, n-grams start at 0, so that a word starts as its own vector, and speak as far as the
    network trains its embedding. Vectors of fastText in
    memory give unseen words of ``"word"`` and ``"char"`` a vector made of n-grams; for ``"subword"`` their n-gram vectors
    are used, if `n_grams` and `n_buckets` are theirs, and the unknown starts at 0.

    A saved adapter keeps ``vectors_`` and forgets the file or object it came from: `vectors` is then None, and is to be
    given again for another fit.

    References
    ----------
    Kim (2014), "Convolutional neural networks for sentence classification", section 3.1 (unknown words); Bojanowski and
    others (2017), "Enriching word vectors with subword information", section 3.2 (n-grams). Differs: fastText divides the
    sum of the pieces by their number, here its vectors are divided by the mean number of pieces of the vocabulary.

    Examples
    --------
    >>> from seqconv.adapters import TextAdapter
    >>> adapter = TextAdapter("word").fit(["Win a prize!!!", "see you at lunch"])
    >>> adapter.transform(["see a prize", "prize"])
    array([[7, 3, 6],
           [6, 0, 0]], dtype=int32)
    >>> adapter.locate(["see a prize"])[0].tolist()
    [[0, 3], [4, 5], [6, 11]]
    """

    def __init__(
        self,
        unit="subword",
        *,
        max_tokens=None,
        min_count=1,
        lowercase=True,
        max_steps=None,
        cut="end",
        n_grams=(2, 5),
        n_buckets=32_768,
        max_pieces=48,
        piece_dropout=0.5,
        vectors=None,
        vectors_mode="trained",
        n_dims=64,
        random_state=0,
        stream=False,
    ):
        self.unit = unit
        self.max_tokens = max_tokens
        self.min_count = min_count
        self.lowercase = lowercase
        self.max_steps = max_steps
        self.cut = cut
        self.n_grams = n_grams
        self.n_buckets = n_buckets
        self.max_pieces = max_pieces
        self.piece_dropout = piece_dropout
        self.vectors = vectors
        self.vectors_mode = vectors_mode
        self.n_dims = n_dims
        self.random_state = random_state
        self.stream = stream

    def fit(self, X, y=None):
        """Learn the vocabulary and the vectors from the training texts.

        Parameters
        ----------
        X : list, array or Series of str
            One text a case.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        ValueError, TypeError
            A parameter out of range; a text that is empty or no string (the message names the case); no unit frequent
            enough; no word with a vector.
        """
        check_parameters(self)
        if self.vectors_mode != "trained" and self.vectors is None:
            raise ValueError(f"vectors_mode={self.vectors_mode!r} needs vectors to start from, got vectors=None.")
        texts = [[self._fold(text[i:j]) for i, j in self._units(text)] for text in check_texts(X)]
        counts = Counter(unit for text in texts for unit in text)
        frequent = sorted((-n, unit) for unit, n in counts.items() if n >= self.min_count)[: self.max_tokens]
        if not frequent:
            raise ValueError(
                f"some {self.unit} must occur min_count={self.min_count} times, none does; lower min_count."
            )
        words = [unit for _, unit in frequent]
        vectors = None
        if self.vectors is not None:
            rng = np.random.default_rng(self.random_state)
            subwords = (tuple(self.n_grams), self.n_buckets) if self.unit == "subword" else None
            source = train_vectors(texts, self.n_dims, subwords, rng) if self._is_trained() else self.vectors
            vectors = embedding_table(source, words, subwords, rng)
            # No file knows shapes and pairs: they start at 0, as silent as n-grams without vectors.
            vectors = np.pad(vectors, ((0, self._n_tokens(words) - len(vectors)), (0, 0)))
        self._set_learnt(words, vectors, self.n_dims if vectors is None else vectors.shape[1])
        return self

    def transform(self, X):
        """Turn texts into token ids.

        Parameters
        ----------
        X : list, array or Series of str
            One text a case.

        Returns
        -------
        array of int32, shape (n_cases, n_steps) or (n_cases, n_steps, n_pieces)
            0 where a shorter text has no step and a word no piece; 1 for unknown units.

        Raises
        ------
        ValueError, TypeError
            No texts, or one that is empty or no string; the message names the case. One text so long that the array would
            have over 2**31 ids; the message quotes its beginning.
        """
        check_is_fitted(self, "vocabulary_")
        texts = check_texts(X)
        numbers, pieces = {}, []  # of the distinct raw units of this call
        units, (lengths, n_left_out) = [], np.zeros((2, len(texts)), int)
        for case, text in enumerate(texts):
            whole = find_units(text, self.unit)
            spans = cut_units(whole, self.max_steps, self.cut)
            lengths[case], n_left_out[case] = len(spans), len(whole) - len(spans)
            for start, stop in spans:
                raw = text[start:stop]
                if raw not in numbers:
                    numbers[raw] = len(pieces)
                    pieces.append(self._pieces(raw))
                units.append(numbers[raw])
        units, pieces = np.array(units), _filled(pieces)  # (n_real_steps,), (n_distinct, n_pieces)
        _check_size(texts, lengths, pieces.shape[1])
        # Most of the array can be padding: only what is real is written.
        ids = np.zeros((len(texts), lengths.max(), pieces.shape[1]), np.int32)  # (n_cases, n_steps, n_pieces)
        first = np.repeat(lengths.cumsum() - lengths, lengths)  # of the case of each real step
        case, step = np.repeat(np.arange(len(texts)), lengths), np.arange(len(units)) - first
        ids[case, step] = pieces[units]
        if self.unit != "subword":
            return ids[:, :, 0]
        is_first = step == 0
        if self.cut == "middle":  # so is the step behind the cut
            is_first |= (n_left_out[case] > 0) & (step == lengths[case] - lengths[case] // 2)
        before = np.where(is_first, len(numbers), np.roll(units, 1))
        ids[case, step, _PAIR] = self._pairs(before, units, [*numbers, ""])
        return ids

    def hide(self, ids, start, stop):
        """Token ids as if nobody had read the steps from `start` to below `stop`.

        Parameters
        ----------
        ids : array of int32
            Of `transform`; left as they are.
        start, stop : int

        Returns
        -------
        array of int32
            0 in those steps; the step behind them does not name its pair with the last.
        """
        check_is_fitted(self, "vocabulary_")
        hidden = ids.copy()
        hidden[:, start:stop] = 0
        if self.unit == "subword" and stop > start:
            hidden[:, stop : stop + 1, _PAIR] = 0
        return hidden

    def check(self, X):
        """The texts as a list, each a string with a character that is no white space.

        Parameters
        ----------
        X : list, array or Series of str

        Returns
        -------
        list of str

        Raises
        ------
        ValueError, TypeError
            No texts, or one that is empty or no string; the message names the case.
        """
        return check_texts(X)

    def cases(self, records, y=None, groups=None, errors="raise"):
        """The texts as cases, without those that are none where so wished.

        Parameters
        ----------
        records : list, array or Series of str, or SequenceSet
            A set brings its own y, groups and official split.
        y, groups : array of shape (n_records,), optional
            Label and group of each text; these go before those of a set.
        errors : {"raise", "skip"}, default="raise"
            What is done with a record that is no text: raise its error, or leave it out and warn once, with the number of
            all such and the reason of each.

        Returns
        -------
        SequenceSet
            X: list of str. y, groups. about: a data frame with ``record``, the number of the text among `records`, and
            ``start`` and ``stop`` in characters.

        Raises
        ------
        ValueError, TypeError
            As `check`; under ``"skip"`` only if no record is a text.

        Warns
        -----
        UserWarning
            Texts were left out.

        Examples
        --------
        >>> import warnings
        >>> from seqconv.adapters import TextAdapter
        >>> with warnings.catch_warnings(record=True) as told:
        ...     cases = TextAdapter().cases(["hi", None, "WIN"], y=["ham", "ham", "spam"], errors="skip")
        >>> cases.X, cases.y.tolist(), cases.about["record"].tolist()
        (['hi', 'WIN'], ['ham', 'spam'], [0, 2])
        >>> print(told[0].message)
        1 of 3 texts were left out: each text must be a string, case 1 is None; fill it or leave it out.
        """
        return text_cases(records, y, groups, errors)

    def locate(self, X):
        """Where each step of the texts stands, so that what is said of a step can be said of the text.

        Parameters
        ----------
        X : list, array or Series of str
            The raw texts given to `transform`.

        Returns
        -------
        list of arrays of int, shape (n_steps, 2)
            First character of each step and the one behind its last; what was cut has no step.

        Raises
        ------
        ValueError, TypeError
            As `transform`.
        """
        check_is_fitted(self, "vocabulary_")
        return [np.array(self._units(text)) for text in check_texts(X)]

    def get_state(self):
        """What `fit` learnt, as plain JSON values and arrays; the parameters are those of `get_params`.

        Returns
        -------
        state : dict
            ``vocabulary``, the units in order of id, and ``n_dims``.
        arrays : dict of str to array
            ``vectors``, if there are any.

        Examples
        --------
        >>> from seqconv.adapters import TextAdapter
        >>> adapter = TextAdapter("char", n_dims=8).fit(["abba"])
        >>> adapter.get_state()
        ({'vocabulary': ['a', 'b'], 'n_dims': 8}, {})
        >>> TextAdapter("char").set_state(*adapter.get_state()).transform(["cab"])
        array([[1, 2, 3]], dtype=int32)
        """
        check_is_fitted(self, "vocabulary_")
        arrays = {} if self.vectors_ is None else {"vectors": self.vectors_}
        return {"vocabulary": list(self.vocabulary_), "n_dims": self.n_dims_}, arrays

    def set_state(self, state, arrays):
        """Become the fitted adapter that gave this state; it may come from a file that nobody trusts.

        Parameters
        ----------
        state, arrays : dict
            As given by `get_state`, of an adapter with the same parameters. `vectors` becomes None unless it is "train".

        Returns
        -------
        self

        Raises
        ------
        ValueError
            The parameters or the state are not those that a fitted adapter can have.
        """
        check_parameters(self)
        words, n_dims, vectors = check_state(state, arrays, self._n_tokens([]))
        if not self._is_trained():
            self.vectors = None
        self._set_learnt(words, vectors, n_dims)
        return self

    def _set_learnt(self, words, vectors, n_dims):
        self.vocabulary_ = {word: i for i, word in enumerate(words, _FIRST)}
        self.n_tokens_ = self._n_tokens(words)
        self.n_dims_ = int(n_dims)
        self.vectors_ = vectors

    def _n_tokens(self, words):
        return _FIRST + len(words) + (self.n_buckets + N_SHAPES + N_PAIRS if self.unit == "subword" else 0)

    def _is_trained(self):
        return isinstance(self.vectors, str) and self.vectors == "train"

    def _units(self, text):
        return cut_units(find_units(text, self.unit), self.max_steps, self.cut)

    def _fold(self, raw):
        return raw.lower() if self.lowercase else raw

    def _pieces(self, raw):
        """A unit's own id, then, of a subword, those of its shape and its n-grams."""
        unit = self._fold(raw)
        own = self.vocabulary_.get(unit, _UNKNOWN)
        if self.unit != "subword":
            return [own]
        first = _FIRST + len(self.vocabulary_)
        n_grams = n_gram_buckets(unit, self.n_grams, self.n_buckets, self.max_pieces - 3)
        return [own, first + self.n_buckets + shape_bucket(raw), 0, *(first + i for i in n_grams)]

    def _pairs(self, before, units, raws):
        """Ids of units with the ones before them, all given by their number in `raws`."""
        folded = [self._fold(raw) for raw in raws]
        pairs, where = np.unique(before * len(raws) + units, return_inverse=True)
        first = _FIRST + len(self.vocabulary_) + self.n_buckets + N_SHAPES
        numbers = zip(*(n.tolist() for n in np.divmod(pairs, len(raws))), strict=True)
        return np.array([first + pair_bucket(folded[a], folded[b]) for a, b in numbers], np.int32)[where]

    def __sklearn_clone__(self):
        # Word vectors can be gigabytes: a clone shares them, where deepcopy would copy them for each fit of a search.
        return type(self)(**self.get_params(deep=False))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        return tags


def _check_size(texts, lengths, n_pieces):
    """Refuse the array that one endless text among many would make, before the memory is asked for."""
    if len(texts) * int(lengths.max()) * n_pieces > _MOST_IDS:
        longest = int(lengths.argmax())
        raise ValueError(
            f"all texts become as long as the longest: {len(texts):,} of {lengths[longest]:,} steps, for the one that begins "
            f"{texts[longest]!r:.40}, are over {_MOST_IDS:,} ids; set max_steps to cut longer ones, or leave it out."
        )


def _filled(rows):
    """Lists of unequal lengths as one int32 array with 0 at their ends."""
    lengths = np.array([len(row) for row in rows])
    filled = np.zeros((len(rows), lengths.max()), np.int32)
    filled[np.arange(lengths.max()) < lengths[:, None]] = list(chain.from_iterable(rows))
    return filled
