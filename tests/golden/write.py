"""Write saved files that every later version must load, with the answers they must give.

Run once for each released version, never again for an old one:

    python tests/golden/write.py
"""

import json
import pathlib

import seqconv
from seqconv.adapters import TextAdapter
from seqconv.datasets import make_messages, make_series
from seqconv.encoders import FCN, InceptionTime, KimCNN
from seqconv.estimators.writing import VERSION

FOLDER = pathlib.Path(__file__).parent
SETTINGS = {"epochs": 2, "random_state": 0}


def main():
    folder = FOLDER / f"{seqconv.__version__}-format-{VERSION}"
    folder.mkdir()
    series = make_series(n_cases=24, n_steps=20, unequal=True, random_state=0)
    messages = make_messages(40, random_state=0)
    made = {
        "series": (
            seqconv.SeqConvClassifier(InceptionTime(2, depth=3, kernel_size=8, bottleneck=2), n_members=2, **SETTINGS),
            series.X,
            series.y,
        ),
        "ridge": (seqconv.SeqConvClassifier(FCN((4, 4, 4)), head="ridge", random_state=0), series.X, series.y),
        "numbers": (
            seqconv.SeqConvRegressor(FCN((4, 4, 4)), pooling="k_max", **SETTINGS),
            series.X,
            [float(case.max()) for case in map(abs, series.X)],
        ),
        "texts": (
            seqconv.SeqConvClassifier(KimCNN(2), adapter=TextAdapter("word", n_dims=4, max_tokens=30), **SETTINGS),
            messages.X,
            messages.y,
        ),
    }
    answers = {}
    for name, (estimator, X, y) in made.items():
        estimator.fit(X, y).save(folder / f"{name}.seqconv")
        asked = list(X[:5]) if name == "texts" else [case.tolist() for case in X[:5]]
        answer = estimator.predict(asked) if name == "numbers" else estimator.predict_proba(asked)
        answers[name] = {"X": asked, "answers": answer.tolist()}
    (folder / "answers.json").write_text(json.dumps(answers))


if __name__ == "__main__":
    main()
