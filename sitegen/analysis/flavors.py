"""One sentence about each flavor of MLflow, for readers who do not know it."""

from typing import NamedTuple


class FlavorNote(NamedTuple):
    """The library of a flavor, and the result of loading it."""

    library: str
    meaning: str


PYFUNC = "python_function"
FLAVORS: dict[str, FlavorNote] = {
    PYFUNC: FlavorNote("any", "The common interface: every MLflow tool can load it and call predict."),
    "sklearn": FlavorNote("scikit-learn", "Loads the estimator or pipeline itself, with all its methods."),
    "xgboost": FlavorNote("XGBoost", "Loads the booster or the scikit-learn wrapper that was trained."),
    "lightgbm": FlavorNote("LightGBM", "Loads the booster or the scikit-learn wrapper that was trained."),
    "catboost": FlavorNote("CatBoost", "Loads the CatBoost model itself."),
    "onnx": FlavorNote("ONNX", "Loads an ONNX graph, which many run-times execute without the training library."),
    "pytorch": FlavorNote("PyTorch", "Loads the torch module itself."),
    "tensorflow": FlavorNote("TensorFlow", "Loads a Keras model or a TensorFlow SavedModel."),
    "keras": FlavorNote("Keras", "Loads the Keras model itself."),
    "spark": FlavorNote("Spark MLlib", "Loads a Spark ML pipeline, which needs a Spark session."),
    "statsmodels": FlavorNote("statsmodels", "Loads the fitted results object."),
    "spacy": FlavorNote("spaCy", "Loads the language pipeline."),
    "fastai": FlavorNote("fastai", "Loads the fastai learner."),
    "h2o": FlavorNote("H2O", "Loads the model into an H2O cluster."),
    "gluon": FlavorNote("MXNet Gluon", "Loads the Gluon block."),
    "mleap": FlavorNote("MLeap", "A Spark pipeline for the MLeap run-time, without Spark."),
    "paddle": FlavorNote("PaddlePaddle", "Loads the Paddle model."),
    "prophet": FlavorNote("Prophet", "Loads the forecasting model."),
    "pmdarima": FlavorNote("pmdarima", "Loads the ARIMA model."),
    "diviner": FlavorNote("Diviner", "Loads the grouped forecasting model."),
    "shap": FlavorNote("SHAP", "Loads an explainer; predicting returns explanations, not predictions."),
    "johnsnowlabs": FlavorNote("John Snow Labs", "Loads a Spark NLP pipeline."),
    "transformers": FlavorNote("Transformers", "Loads a pipeline or its components."),
    "sentence_transformers": FlavorNote("Sentence Transformers", "Loads the embedding model."),
    "diffusers": FlavorNote("Diffusers", "Loads the weights of an adapter onto a diffusion model."),
    "openai": FlavorNote("OpenAI", "A request to OpenAI's service: calling it needs a key and the network."),
    "langchain": FlavorNote("LangChain", "Loads a chain, agent or retriever."),
    "llama_index": FlavorNote("LlamaIndex", "Loads an index as a chat, query or retriever engine."),
    "dspy": FlavorNote("DSPy", "Loads a DSPy program."),
    "promptflow": FlavorNote("Prompt flow", "Loads a flow of prompts and tools."),
    "crate": FlavorNote("R", "An R function, serialised with the carrier package; MLflow for R loads it."),
    "mlflow.pyfunc": FlavorNote("any", "The common interface under an old name."),
}
