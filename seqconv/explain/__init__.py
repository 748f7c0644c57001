"""Why a network decides as it does."""

from seqconv.explain.occlusion import Occlusion, occlusion

__all__ = ["Occlusion", "occlusion"]
