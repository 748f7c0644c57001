"""Figures for decisions: by class, of ordered grades, of rankings, with an interval, and after the costs of trading."""

from seqconv.metrics.intervals import bootstrap_interval
from seqconv.metrics.reports import ClassReport, class_report, quadratic_weighted_kappa, ranking_report
from seqconv.metrics.trading import long_short_returns

__all__ = [
    "ClassReport",
    "bootstrap_interval",
    "class_report",
    "long_short_returns",
    "quadratic_weighted_kappa",
    "ranking_report",
]
