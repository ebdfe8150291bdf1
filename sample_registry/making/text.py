"""`text-scorer`: a model in Python code (scorer.py), with nested inputs and params; single words, then pairs."""

import functools
import json
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import ModelSignature
from mlflow.types.schema import Array, ColSpec, DataType, Map, Object, ParamSchema, ParamSpec, Property, Schema
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import train_test_split

from making.runs import create, log_metrics, log_table, pinned, register, set_aliases
from making.scorer import features

NAME = "text-scorer"
LABELS = ("praise", "complaint", "question", "request", "other")
THINGS = ("delivery", "parcel", "invoice", "support", "app", "refund", "account", "website")
GOOD = ("good", "great", "quick", "friendly", "perfect", "helpful")
BAD = ("slow", "broken", "late", "rude", "wrong", "confusing")
SENTENCES = {
    "praise": ("the {thing} was {good}", "{good} {thing}", "the {thing} was not {bad}", "not {bad} at all"),
    "complaint": ("the {thing} was {bad}", "{bad} {thing}", "the {thing} was not {good}", "not {good} at all"),
    "question": ("when is the {thing} here", "is the {thing} {good}", "why was the {thing} {bad}", "about the {thing}"),
    "request": ("please send the {thing} again", "i want a {good} {thing}", "please change the {thing}", "call me"),
    "other": ("see the {thing} attached", "about the {thing}", "sent from my phone", "as said the {thing}"),
}
FILLERS = ("", "", "hello", "well", "this week", "thank you", "please", "for my order", "was it")
EXAMPLE = {"text": "the delivery was not good", "document": {"id": 7, "tags": ["delivery"]}, "boosts": {"other": -0.5}}
HISTORY = {"history": [{"text": "where is my parcel", "stars": 2}]}


def train() -> None:
    """Registers the model with its two versions."""
    about = "Scores short customer messages by label. A model in Python code, with nested inputs and params."
    create(NAME, about, "stores-ml", "CC0-1.0", task="text-classification", project_name="inbox")
    mlflow.set_experiment("inbox")
    log_scorer("single-words", 1, EXAMPLE, signature(), "Single words.")
    text = "Pairs of words, so that `not good` is no praise. Knows earlier messages, and returns three scores."
    log_scorer("pairs-of-words", 2, EXAMPLE | HISTORY, newer_signature(), text)
    set_aliases(NAME, stable="2")


def messages(count: int = 900) -> tuple[list[str], list[str]]:
    """Made-up messages of customers, and their labels."""
    dice = np.random.default_rng(11)
    labels = [str(label) for label in dice.choice(LABELS, count)]
    texts = []
    for label in labels:
        words = {"thing": dice.choice(THINGS), "good": dice.choice(GOOD), "bad": dice.choice(BAD)}
        sentence = str(dice.choice(SENTENCES[label])).format(**words)
        texts.append(" ".join(f"{dice.choice(FILLERS)} {sentence} {dice.choice(FILLERS)}".split()))
    return texts, labels


def document(*optional: str) -> Object:
    """A message's document: an id, and strings that may be absent."""
    more = [Property(name, DataType.string, required=False) for name in optional]
    return Object([Property("id", DataType.long), Property("tags", Array(DataType.string), required=False), *more])


def params(top_k: int) -> ParamSchema:
    """What a call may set beside its rows."""
    labels = ParamSpec("labels", "string", list(LABELS), shape=(-1,))
    return ParamSchema([ParamSpec("temperature", "double", 1.0), ParamSpec("top_k", "long", top_k), labels])


OUTPUTS = Schema([ColSpec("string", "label"), ColSpec(Map(DataType.double), "scores")])
BOOSTS = ColSpec(Map(DataType.double), "boosts", required=False)


def signature() -> ModelSignature:
    """Version 1."""
    inputs = Schema([ColSpec("string", "text"), ColSpec(document("language"), "document"), BOOSTS])
    return ModelSignature(inputs=inputs, outputs=OUTPUTS, params=params(top_k=5))


def newer_signature() -> ModelSignature:
    """Version 2: one more column and one more property, both optional, and another default for `top_k`."""
    earlier = Object([Property("text", DataType.string), Property("stars", DataType.long, required=False)])
    history = ColSpec(Array(earlier), "history", required=False)
    columns = [ColSpec("string", "text"), ColSpec(document("language", "channel"), "document"), BOOSTS, history]
    return ModelSignature(inputs=Schema(columns), outputs=OUTPUTS, params=params(top_k=3))


def log_scorer(run_name: str, longest: int, example: dict, signature: ModelSignature, text: str) -> None:
    """Trains the weights, and logs them with the code that uses them."""
    with mlflow.start_run(run_name=run_name, tags={"data": "synthetic", "data_seed": "11"}):
        weights, mistakes = trained(longest)
        Path("weights.json").write_text(json.dumps(weights, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        log_table(mistakes, "mistakes.csv")
        info = mlflow.pyfunc.log_model(
            name="scorer",
            python_model=str(Path(__file__).with_name("scorer.py")),
            artifacts={"weights": "weights.json"},
            signature=signature,
            input_example=(pd.DataFrame([example]), {"temperature": 0.7, "top_k": 2}),
            pip_requirements=pinned("mlflow", "pandas"),
        )
        register(info.model_uri, NAME, text)


def trained(longest: int) -> tuple[dict, pd.DataFrame]:
    """The weights as scorer.py reads them, and the held-out messages that they get wrong."""
    texts, labels = messages()
    known, new, y_known, y_new = train_test_split(texts, labels, test_size=0.25, random_state=42, stratify=labels)
    count = CountVectorizer(analyzer=functools.partial(features, longest=longest), min_df=3, binary=True)
    classifier = LogisticRegression(C=4.0, max_iter=500).fit(count.fit_transform(known), y_known)
    predicted = classifier.predict(count.transform(new))
    mlflow.log_params({"model": "LogisticRegression", "C": 4.0, "longest": longest, "min_df": 3})
    log_metrics(accuracy=accuracy_score(y_new, predicted), macro_f1=f1_score(y_new, predicted, average="macro"))
    single = f1_score(y_new, predicted, average=None, labels=sorted(LABELS))
    log_metrics(**{f"f1.{label}": value for label, value in zip(sorted(LABELS), single, strict=True)})
    weights = {"labels": list(LABELS), "longest": longest, "bias": {}, "weights": {}}
    for label, bias, row in zip(classifier.classes_, classifier.intercept_, classifier.coef_, strict=True):
        pairs = zip(count.get_feature_names_out(), row.round(3).tolist(), strict=True)
        weights["bias"][str(label)] = round(float(bias), 3)
        weights["weights"][str(label)] = {str(name): value for name, value in pairs if abs(value) >= 0.05}
    table = pd.DataFrame({"text": new, "label": y_new, "predicted": predicted})
    return weights, table[table.label != table.predicted]
