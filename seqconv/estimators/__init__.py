"""scikit-learn estimators of sequences, where arrays meet tensors."""

from seqconv.estimators.classifier import SeqConvClassifier
from seqconv.estimators.regressor import SeqConvRegressor
from seqconv.estimators.saving import SavedFileError, load

__all__ = ["SavedFileError", "SeqConvClassifier", "SeqConvRegressor", "load"]
