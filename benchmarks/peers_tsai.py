"""Estimators of tsai for `benchmarks/peers.py`, which runs this file in an environment that has tsai.

MiniRocket is tsai's PyTorch form with the scaling and the ridge of its `MiniRocketClassifier`, which itself needs sktime.
InceptionTimePlus is trained as tsai's own introduction trains it: 100 epochs, a peak rate of 3e-4, each series scaled.
"""

import importlib

import numpy as np
import torch
from sklearn.linear_model import RidgeClassifierCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

__all__ = ["TsaiInceptionTime", "TsaiMiniRocket"]

torch.set_num_threads(1)


def declare_operators():
    """Declare two operators of torchvision, which tsai imports but does not call.

    A torchvision for CUDA beside a torch for the CPU cannot load them, and then raises on import.
    """
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    return library


class TsaiMiniRocket:
    """Fixed kernels in PyTorch, and a ridge classifier; probabilities are 0 and 1."""

    def __init__(self, random_state):
        self.random_state = random_state

    def fit(self, X, y):
        from tsai.models.MINIROCKET_Pytorch import MiniRocketFeatures

        self.classes_ = np.unique(y)
        self._kernels = MiniRocketFeatures(1, X.shape[1], random_state=self.random_state)
        self._kernels.fit(X[:, None])
        ridge = RidgeClassifierCV(alphas=np.logspace(-3, 3, 7))
        self._linear = make_pipeline(StandardScaler(with_mean=False), ridge).fit(self._features(X), y)
        return self

    def predict_proba(self, X):
        return (self._linear.predict(self._features(X))[:, None] == self.classes_).astype(float)

    def _features(self, X):
        from tsai.models.MINIROCKET_Pytorch import get_minirocket_features

        with torch.inference_mode():
            return get_minirocket_features(X[:, None], self._kernels, use_cuda=False)[:, :, 0]


class TsaiInceptionTime:
    """One InceptionTimePlus network."""

    def __init__(self, random_state, epochs=100):
        self.random_state, self.epochs = random_state, epochs

    def fit(self, X, y):
        operators = declare_operators()  # they last as long as this name
        from tsai.data.core import TSClassification
        from tsai.data.preprocessing import TSStandardize
        from tsai.models.InceptionTimePlus import InceptionTimePlus
        from tsai.tslearner import TSClassifier

        self.classes_, numbers = np.unique(y, return_inverse=True)
        # Class numbers of equal width, so that their order as text is that of the numbers.
        names = np.array([f"{number:04}" for number in numbers])
        settings = {"arch": InceptionTimePlus, "batch_tfms": TSStandardize(by_sample=True), "drop_last": False}
        self._learner = TSClassifier(
            X[:, None], names, tfms=[None, TSClassification()], seed=self.random_state, device="cpu", **settings
        )
        self._operators = operators
        with self._learner.no_bar(), self._learner.no_logging():
            self._learner.fit_one_cycle(self.epochs, 3e-4)
        return self

    def predict_proba(self, X):
        importlib.import_module("tsai.inference")  # adds get_X_preds
        with self._learner.no_bar():
            return self._learner.get_X_preds(X[:, None])[0].numpy()
