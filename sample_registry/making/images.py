"""`breast-cancer-image-classifier`: a model as MLflow 1 wrote it with fastai. There is a contract, but no learner.

fastai and MLflow 1 need a Python of their time, so nothing is trained here; MLflow's Model API writes the file.
"""

import tempfile
from pathlib import Path

import matplotlib.image
import mlflow
import numpy as np
import yaml
from mlflow.models import Model, ModelSignature
from mlflow.types.schema import Schema, TensorSpec

from making.runs import create, keep_fields, log_folder, log_json, register

NAME = "breast-cancer-image-classifier"
FIELDS = ("artifact_path", "flavors", "model_uuid", "run_id", "signature")
ENVIRONMENT = {
    "channels": ["conda-forge"],
    "dependencies": ["python=3.8.12", "pip", {"pip": ["mlflow==1.20.2", "fastai==2.4.1"]}],
    "name": "mlflow-env",
}
LEARNER = "Placeholder for a fastai learner: no network was trained for this sample. See the model's README.md.\n"


def train() -> None:
    """Registers the model with its one version."""
    about = "Benign or malignant, from an image of breast tissue. A placeholder: it shows a contract, no learner."
    create(NAME, about, "health-ml", "CC0-1.0", task="image-classification", placeholder="yes")
    mlflow.set_experiment("breast-cancer-images")
    with mlflow.start_run(run_name="placeholder") as run, tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        contract(run.info.run_id).save(folder / "MLmodel")
        keep_fields(folder / "MLmodel", *FIELDS)
        (folder / "model.fastai").write_text(LEARNER, encoding="utf-8")
        (folder / "conda.yaml").write_text(yaml.safe_dump(ENVIRONMENT), encoding="utf-8")
        uri = log_folder(folder, "classifier")
        log_json({"classes": ["benign", "malignant"]}, "classes.json")
        matplotlib.image.imsave("drawing.png", drawing(), metadata={"Software": None})
        mlflow.log_artifact("drawing.png", "images")
        register(uri, NAME, "The contract of the classifier: images of 300 x 300 pixels in, two scores out.")


def contract(run_id: str) -> Model:
    """What the MLmodel file says: two flavors, and tensors in and out."""
    images = TensorSpec(np.dtype("uint8"), (-1, 300, 300, 3))
    scores = TensorSpec(np.dtype("float32"), (-1, 2))
    signature = ModelSignature(inputs=Schema([images]), outputs=Schema([scores]))
    model = Model(artifact_path="classifier", run_id=run_id, signature=signature)
    model.add_flavor("fastai", data="model.fastai", fastai_version="2.4.1")
    loader = {"loader_module": "mlflow.fastai", "python_version": "3.8.12"}
    return model.add_flavor("python_function", data="model.fastai", env="conda.yaml", **loader)


def drawing(size: int = 300) -> np.ndarray:
    """A picture of the shape that the model takes: from afar like stained tissue, but drawn."""
    dice = np.random.default_rng(5)
    across, down = np.meshgrid(np.arange(size), np.arange(size))
    image = np.stack([238 - down / 12, 205 - across / 12, 222 - down / 20], axis=-1)
    for x, y, radius in dice.uniform((0, 0, 5), (size, size, 13), (90, 3)):
        cell = np.clip(1.2 - np.hypot(across - x, (down - y) * 1.2) / radius, 0, 0.75)[..., None]
        image = image * (1 - cell) + np.array([112, 62, 138]) * cell
    return image.astype("uint8")
