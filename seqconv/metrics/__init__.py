"""Metrics for decisions: by class, of ordered grades, of rankings, with an interval, and after trading costs."""

from seqconv.metrics.best_thresholds import best_thresholds
from seqconv.metrics.bootstrap_interval import bootstrap_interval
from seqconv.metrics.class_report import ClassReport, class_report
from seqconv.metrics.long_short_returns import long_short_returns
from seqconv.metrics.quadratic_weighted_kappa import quadratic_weighted_kappa
from seqconv.metrics.ranking_report import ranking_report

__all__ = [
    "ClassReport",
    "best_thresholds",
    "bootstrap_interval",
    "class_report",
    "long_short_returns",
    "quadratic_weighted_kappa",
    "ranking_report",
]
