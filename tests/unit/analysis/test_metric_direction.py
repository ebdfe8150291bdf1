"""Which way a metric is better, by the whole words of its name."""

import pytest

from sitegen.analysis.metric_direction import Direction, direction

LOWER = """
rmse test_rmse val/RMSE valLoss log_loss logLoss f1_loss loss1 score_error mean_absolute_error max_error error_rate
RMSE_CV val/dfl_loss false_positive_rate toxicity/v1/mean accuracy_degradation f1_gap train_test_gap accuracyDrop
training_time fit_time mean_score_time train_runtime time seconds inference_time_ms trainTimeSeconds latency_p95
responseLatency
"""

HIGHER = """
accuracy eval-f1 f1_macro Macro_F1 valF1 roc_auc rocAuc areaUnderROC areaUnderPR AUCScore valAUC r2_score held_out/r2
R2 Recall@10 acc5 f1@10 mean_test_score mAP mAP@50 metrics/mAP50-95B map50 MCC recallB rougeL/v1/mean exact_match/v1
explained_variance explained_variance_score spearman_correlation meanReciprocalRank true_positives
train_samples_per_second
"""

NONE = """
n_rows step lossless epochs dropout mapping timestamp uptime learning_rate example_count sum_on_target TT 测试
balanced_accuracy_std cv_f1_weighted_std accuracyStd val/accuracy_std val/std loss_variance std_test_score std_error
correlation_hits_timeOnSite correlation_timeOnSite_bounces timeOnSite time_on_page time_to_failure mean_watch_time
feature_importance_time best_f1_threshold accuracy_difference loss_improvement rank_test_score
system/cpu_utilization_percentage
"""

DIRECTIONS: list[tuple[str, Direction | None]] = [
    *((key, "lower") for key in LOWER.split()),
    *((key, "higher") for key in HIGHER.split()),
    *((key, None) for key in ("", *NONE.split())),
]


@pytest.mark.parametrize(("key", "better"), DIRECTIONS)
def test_words_of_the_name_tell_the_direction(key: str, better: Direction | None) -> None:
    """Whole words in any case style; a spread has no direction, and an error word wins over a score word."""
    assert direction(key) == better


def test_settings_come_before_words() -> None:
    """For the whole name, or for its last part."""
    wished: tuple[tuple[str, Direction], ...] = (("loss", "higher"), ("val/auc", "lower"), ("f1_std", "lower"))
    assert direction("loss", wished) == "higher"
    assert direction("val/loss", wished) == "higher"
    assert direction("val/auc", wished) == "lower"
    assert direction("test/auc", wished) == "higher"
    assert direction("f1_std", wished) == "lower"
