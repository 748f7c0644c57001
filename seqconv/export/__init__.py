"""Files of fitted models for other runtimes, compared with the model before they are kept."""

from seqconv.export.litert import to_litert
from seqconv.export.onnx import to_onnx
from seqconv.export.savedmodel import to_savedmodel

__all__ = ["to_litert", "to_onnx", "to_savedmodel"]
