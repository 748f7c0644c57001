import warnings

import numpy as np
import pytest

from seqconv.data.label_spellings import label_spellings, warn_of_spellings


@pytest.mark.parametrize(
    "labels",
    [
        ["billing", "Billing"],
        ["billing", "billing "],
        ["a  b", "a b"],
        ["Caf\xe9", "Cafe\u0301"],
        ["ＡＢ", "ab"],
        ["Straße", "STRASSE"],
    ],
)
def test_spellings_of_one_label_are_found(labels):
    assert label_spellings([*labels, "other", labels[0]]) == [{labels[0]: 2, labels[1]: 1}]


@pytest.mark.parametrize("labels", [["a", "b"], ["a-b", "ab"], [1, 1.0, True], np.array(["a", "b"]), [], ["é", "e"]])
def test_other_labels_are_not(labels):
    assert label_spellings(labels) == []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_spellings(labels, "Mend them.")


def test_the_warning_names_at_most_five():
    labels = [f"{case(letter)}" for letter in "abcdefg" for case in (str.lower, str.upper)]
    with pytest.warns(UserWarning, match=r"'a' 1, 'A' 1; .*'e' 1, 'E' 1; \.\.\.\. Mend them\.") as told:
        warn_of_spellings(labels, "Mend them.", stacklevel=1)
    assert told[0].filename == __file__
