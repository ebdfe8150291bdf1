"""The pictures that runs log: opaque white ground, so that they can be read on light and on dark pages."""

import matplotlib.pyplot as plt
import mlflow
import numpy as np
from sklearn.metrics import RocCurveDisplay

BLUE, RUST, GREY = "#2b6cb0", "#c05621", "#8a8f98"
SAVE = {"dpi": 120, "facecolor": "white", "metadata": {"Software": None}}  # no program version: stable bytes


def _axes(title: str, x: str, y: str, size: tuple[float, float] = (5.6, 3.8)):
    figure, axes = plt.subplots(figsize=size, layout="constrained")
    axes.set_title(title, loc="left", fontsize=11)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _log(figure, path: str) -> None:
    mlflow.log_figure(figure, path, save_kwargs=SAVE)
    plt.close(figure)


def scatter(measured, predicted, unit: str, path: str) -> None:
    """Predicted against measured values, with the line on which both are equal."""
    figure, axes = _axes("Predicted and measured", f"measured {unit}", f"predicted {unit}", (4.8, 4.4))
    ends = [min(measured.min(), predicted.min()), max(measured.max(), predicted.max())]
    axes.plot(ends, ends, color=GREY, linewidth=1)
    axes.scatter(measured, predicted, s=18, color=BLUE, alpha=0.7, linewidths=0)
    _log(figure, path)


def curves(lines: dict[str, list[float]], x: str, y: str, path: str) -> None:
    """One line per key over the steps 1, 2, 3 ..."""
    figure, axes = _axes(f"{y} by {x}", x, y)
    for (label, values), color in zip(lines.items(), (BLUE, RUST), strict=False):
        axes.plot(np.arange(1, len(values) + 1), values, color=color, label=label)
    axes.legend(frameon=False)
    _log(figure, path)


def bars(values: dict[str, float], x: str, path: str) -> None:
    """A horizontal bar per key, the longest on top."""
    ranked = sorted(values.items(), key=lambda pair: pair[1])
    figure, axes = _axes(x, x, "", (5.6, 1.2 + 0.26 * len(ranked)))
    axes.barh([key for key, _ in ranked], [value for _, value in ranked], color=BLUE, height=0.65)
    _log(figure, path)


def roc(truth, scores, path: str) -> None:
    """The ROC curve, with the diagonal of a coin toss."""
    figure, axes = _axes("ROC curve, held-out rows", "", "", (4.8, 4.4))
    RocCurveDisplay.from_predictions(truth, scores, ax=axes, curve_kwargs={"color": BLUE}, name="model")
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1)
    _log(figure, path)


def confusion(matrix, labels: list[str], path: str) -> None:
    """How many rows of each class got which prediction."""
    figure, axes = _axes("Confusion matrix, held-out rows", "predicted", "actual", (4.4, 3.8))
    axes.imshow(matrix, cmap="Blues", vmax=matrix.max() * 1.5)
    axes.set_xticks(range(len(labels)), labels)
    axes.set_yticks(range(len(labels)), labels, rotation=90, va="center")
    for (row, column), count in np.ndenumerate(matrix):
        axes.text(column, row, str(count), ha="center", va="center", fontsize=14)
    _log(figure, path)
