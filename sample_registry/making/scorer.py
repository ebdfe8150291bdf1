"""The code of the model `text-scorer`: MLflow copies this file into the model and runs it when the model is loaded."""

import json
import math
import re
from pathlib import Path

import mlflow
import pandas as pd


def features(text: str, longest: int) -> set[str]:
    """The words of a text, and its sequences of up to `longest` words."""
    words = re.findall(r"[a-z]+", text.lower())
    return {" ".join(words[i : i + n]) for n in range(1, longest + 1) for i in range(len(words) - n + 1)}


class TextScorer(mlflow.pyfunc.PythonModel):
    """Gives a short message one score per label; the scores sum to 1.

    `weights.json` holds, per label, a bias and the weight of each feature.
    """

    def load_context(self, context):
        """Called once, when the model is loaded."""
        self.model = json.loads(Path(context.artifacts["weights"]).read_text(encoding="utf-8"))

    def predict(self, context, model_input: pd.DataFrame, params=None):
        """One row of label and scores per row."""
        rows = [self.score(row, params or {}) for row in model_input.to_dict("records")]
        return pd.DataFrame(rows, columns=["label", "scores"])

    def score(self, row: dict, params: dict) -> dict:
        """One row: the best label, and the scores of the `top_k` best."""
        found = dict.fromkeys(features(row["text"], self.model["longest"]), 1.0)
        for earlier in _given(row.get("history"), []):
            found = dict.fromkeys(features(earlier["text"], self.model["longest"]), 0.1) | found
        boosts = _given(row.get("boosts"), {})
        wanted = [label for label in params.get("labels", ()) if label in self.model["labels"]] or self.model["labels"]
        totals = {}
        for label in wanted:
            weights = self.model["weights"][label]
            total = self.model["bias"][label] + sum(weights.get(word, 0.0) * share for word, share in found.items())
            totals[label] = total / params.get("temperature", 1.0) + boosts.get(label, 0.0)
        highest = max(totals.values())
        powers = {label: math.exp(total - highest) for label, total in totals.items()}
        whole = sum(powers.values())
        ranked = sorted(powers, key=lambda label: (-powers[label], label))[: int(params.get("top_k", 5))]
        return {"label": ranked[0], "scores": {label: round(powers[label] / whole, 6) for label in ranked}}


def _given(value, empty):
    """The value of an optional column; pandas says NaN where one row has it and another has not."""
    return empty if value is None or isinstance(value, float) else value


mlflow.models.set_model(TextScorer())
