"""Whether lower or higher values of a metric are better, by the whole words of its name."""

import re
from functools import lru_cache
from typing import Literal

Direction = Literal["lower", "higher"]


def split_words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


LOWER = split_words(
    """
    loss losses error errors err rmse mse mae mape smape wape mase rmsle msle medae logloss deviance perplexity ppl
    wer cer mer ece brier divergence fpr fnr fdr hinge crps pinball regret aic bic degradation drop gap toxicity
    hallucination misclassification
    """
)
"""Words of errors and losses: the lower the better."""

HIGHER = split_words(
    """
    accuracy acc auc roc auroc auprc aucpr prauc f1 f2 fbeta fscore precision recall sensitivity specificity r2 score
    ap map mrr ndcg dcg bleu rouge meteor iou miou dice jaccard kappa mcc gini tpr tnr ppv npv hit lift throughput
    reward psnr ssim spearman pearson kendall matthews explained silhouette concordance faithfulness relevance
    groundedness
    """
)
"""Words of scores: the higher the better."""

NO_DIRECTION = split_words(
    """
    std stdev stddev sd sem var variance deviation iqr spread correlation correlations corr covariance coef coefficient
    coefficients weight weights importance importances shap threshold thresholds support size rank difference diff delta
    change improvement reduction drift statistic
    """
)
"""Words of statistics that say nothing about quality by themselves: a spread, a weight, a difference."""

DURATIONS = split_words("time duration runtime seconds secs sec s ms us ns millis milliseconds minutes hours")
"""Words of times. At the end of a name, after words of work alone, they are a cost: `fit_time`, not `time_on_site`."""

WORK = split_words(
    """
    train training fit refit val validation eval evaluation test inference infer predict prediction score scoring
    serving response request processing preprocessing run execution exec elapsed wall cpu gpu build compile load loading
    startup step epoch batch iteration query model
    """
)
"""What a machine spends time on."""

AGGREGATES = split_words("mean avg average median total sum max min p")
"""Words beside a duration, as numbers are: `max_fit_time`, `response_time_p95`."""

PHRASES: dict[str, Direction] = {
    "explained variance": "higher",
    "pearson correlation": "higher",
    "spearman correlation": "higher",
    "kendall correlation": "higher",
    "matthews correlation": "higher",
    "reciprocal rank": "higher",
    "exact match": "higher",
    "area under": "higher",
    "per second": "higher",
    "per sec": "higher",
    "true positive": "higher",
    "true positives": "higher",
    "true negative": "higher",
    "true negatives": "higher",
    "false positive": "lower",
    "false positives": "lower",
    "false negative": "lower",
    "false negatives": "lower",
    "log loss": "lower",
}
"""Words with another meaning together than apart."""


@lru_cache(maxsize=4096)
def direction(key: str, overrides: tuple[tuple[str, Direction], ...] = ()) -> Direction | None:
    """Whether lower or higher is better, by the words of the name; None where they do not tell.

    `overrides` come first: a key matches the whole name or its last part behind a `/`. A spread, a weight or a
    difference has no direction, whatever it is of: `accuracy_std`. An error word wins over a score word: `f1_loss` is a
    loss, `score_error` an error.
    """
    named = dict(overrides)
    for name in (key, key.rpartition("/")[2]):
        if name in named:
            return named[name]
    words = words_of(key)
    text = f" {' '.join(words)} "
    phrases = [phrase for phrase in PHRASES if f" {phrase} " in text]
    for phrase in phrases:
        text = text.replace(f" {phrase} ", " ")
    found = set(text.split())
    if found & NO_DIRECTION:
        return None
    phrased = {PHRASES[phrase] for phrase in phrases}
    if found & LOWER or "lower" in phrased or is_machine_time(words):
        return "lower"
    return "higher" if found & HIGHER or phrased else None


def words_of(key: str) -> list[str]:
    """The words of a name in snake, kebab or camel case, in lower case; a number at the end of a word stands apart.

    `f1`, `f2` and `r2` are words: `testRMSE@10` is test, rmse, 10 and `mAP50` is map, 50.
    """
    spaced = _CAMEL.sub(" ", key.replace("mAP", "map "))
    return _WORD.findall(spaced.lower())


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"(?:f1|f2|r2)(?![a-z\d])|[a-z]+|\d+")


def is_machine_time(words: list[str]) -> bool:
    """Whether the words of a name are those of a time that a machine needs."""
    if "latency" in words:
        return True
    measures = [word for word in words if not word.isdigit() and word not in AGGREGATES]
    return bool(measures) and measures[-1] in DURATIONS and WORK.union(DURATIONS).issuperset(measures)
