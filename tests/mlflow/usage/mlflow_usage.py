"""Makes models for snippets, and runs snippets as they are printed. Runs in a Python with MLflow 2 or 3.

    python mlflow_usage.py make FOLDER < signatures.json
    python mlflow_usage.py run FOLDER < snippets.json

`make` writes each model as `FOLDER/<name>/1`; signatures are the three texts of MLmodel files, by name. `run` takes
`[{"code": text, "setup": text or null}]` or `{"payload": text, "model": folder}` and prints what each failed with, or
null; it runs in the registry's folder, and logs into a store in the current one.
"""

import asyncio
import io
import json
import logging
import os
import sys
import traceback
import warnings
from contextlib import redirect_stdout

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
warnings.filterwarnings("ignore")

import mlflow  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from mlflow.models.signature import ModelSignature, infer_signature  # noqa: E402
from mlflow.pyfunc import scoring_server  # noqa: E402
from sklearn.ensemble import RandomForestClassifier  # noqa: E402
from sklearn.linear_model import LinearRegression  # noqa: E402

logging.getLogger("mlflow").setLevel(logging.CRITICAL)

ROWS = pd.DataFrame({"AGE": np.arange(10, dtype="int32"), "BMI": np.linspace(20, 30, 10)})
TARGET = [0, 1] * 5
ON_MLFLOW_3 = int(mlflow.__version__.split(".")[0]) >= 3


class Classic(mlflow.pyfunc.PythonModel):
    """A model whose predict takes the context."""

    def predict(self, context, model_input, params=None):  # noqa: ARG002
        """One number a row."""
        return [0] * (len(model_input) if hasattr(model_input, "__len__") else 1)


class WithoutContext(mlflow.pyfunc.PythonModel):
    """A model whose predict takes no context."""

    def predict(self, model_input, params=None):  # noqa: ARG002
        """The input."""
        return model_input


class WithTypeHints(mlflow.pyfunc.PythonModel):
    """A model whose signature MLflow takes from type hints."""

    def predict(self, model_input: list[str]) -> list[str]:
        """The texts in capitals."""
        return [text.upper() for text in model_input]


class WithDicts(mlflow.pyfunc.PythonModel):
    """A model that takes a list of mappings by its type hints."""

    def predict(self, model_input: list[dict[str, float]]) -> list[float]:
        """The sums."""
        return [sum(one.values()) for one in model_input]


def make(folder, signatures):
    """One model for each signature, and models of each kind that a library or a user writes."""

    def save(name, save_model, *model, **options):
        save_model(*model, path=os.path.join(folder, name, "1"), pip_requirements=["mlflow"], **options)

    for name, texts in signatures.items():
        signature = ModelSignature.from_dict(texts)
        save(name, mlflow.pyfunc.save_model, python_model=Classic(), signature=signature)
    forest = RandomForestClassifier(n_estimators=3).fit(ROWS, TARGET)
    matrix = LinearRegression().fit(ROWS.to_numpy(), TARGET)
    named = infer_signature(ROWS, forest.predict(ROWS))
    unnamed = infer_signature(ROWS.to_numpy(), matrix.predict(ROWS.to_numpy()))
    sklearn = mlflow.sklearn.save_model
    save("pickle", sklearn, forest, signature=named, serialization_format="pickle")
    cloudpickle = {"serialization_format": "cloudpickle"}
    save("cloudpickle", sklearn, forest, signature=named, input_example=ROWS.head(3), **cloudpickle)
    save("matrix", sklearn, matrix, signature=unnamed, **cloudpickle)
    if ON_MLFLOW_3:
        trusted = ["sklearn.tree._tree.Tree"]
        save("skops", sklearn, forest, signature=named, serialization_format="skops", skops_trusted_types=trusted)
    save("no signature", sklearn, matrix, **cloudpickle)
    save("classic", mlflow.pyfunc.save_model, python_model=Classic())
    save("texts", mlflow.pyfunc.save_model, python_model=WithTypeHints())
    save("mappings", mlflow.pyfunc.save_model, python_model=WithDicts())
    save_chat(save)


def save_chat(save):
    """Models that take messages."""
    from mlflow.types.llm import ChatChoice, ChatCompletionResponse, ChatMessage

    class Chat(mlflow.pyfunc.ChatModel):
        """A model that answers."""

        def predict(self, context, messages, params=None):  # noqa: ARG002
            """The last message."""
            message = ChatMessage(role="assistant", content=messages[-1].content)
            return ChatCompletionResponse(choices=[ChatChoice(index=0, message=message)])

    save("chat", mlflow.pyfunc.save_model, python_model=Chat())
    if ON_MLFLOW_3:
        save_agents(save)


def save_agents(save):
    """Agents of MLflow 3."""
    from mlflow.types.agent import ChatAgentMessage, ChatAgentResponse
    from mlflow.types.responses import ResponsesAgentResponse, ResponsesAgentStreamEvent

    class Agent(mlflow.pyfunc.ChatAgent):
        """An agent that answers."""

        def predict(self, messages, context=None, custom_inputs=None):  # noqa: ARG002
            """The last message."""
            answer = ChatAgentMessage(role="assistant", content=messages[-1].content, id="1")
            return ChatAgentResponse(messages=[answer])

    class Responses(mlflow.pyfunc.ResponsesAgent):
        """An agent that answers."""

        def predict(self, request):  # noqa: ARG002
            """Always the same."""
            return ResponsesAgentResponse(output=[self.create_text_output_item(text="Hello", id="1")])

    class Streaming(Responses):
        """An agent that can answer in pieces."""

        def predict_stream(self, request):  # noqa: ARG002
            """Always the same piece."""
            item = self.create_text_output_item(text="Hello", id="1")
            yield ResponsesAgentStreamEvent(type="response.output_item.done", item=item)

    save("agent", mlflow.pyfunc.save_model, python_model=Agent())
    save("responses", mlflow.pyfunc.save_model, python_model=Responses())
    save("streaming", mlflow.pyfunc.save_model, python_model=Streaming())


# --- running ---------------------------------------------------------------------------------------------------


def run(snippet):
    """Run a snippet, or send a payload; the error, or None."""
    try:
        with redirect_stdout(io.StringIO()):
            if "payload" in snippet:
                return post(snippet["model"], snippet["payload"])
            names = {"__name__": "snippet"}
            if snippet["setup"]:
                exec(snippet["setup"], {**globals(), "names": names})
            exec(compile(snippet["code"], "snippet", "exec"), names)
            while mlflow.active_run():
                mlflow.end_run()
    except BaseException:  # noqa: BLE001 - whatever a snippet raises
        return traceback.format_exc(limit=-3)
    return None


def post(folder, payload):
    """The answer of the scoring server where it is not 200; None where it is."""
    app = scoring_server.init(mlflow.pyfunc.load_model(folder))
    status, text = asgi(app, payload) if hasattr(app, "router") else flask(app, payload)
    return None if status == 200 else f"{status}: {text}"


def flask(app, payload):
    """One request to the server of MLflow 2."""
    done = app.test_client().post("/invocations", data=payload.encode(), content_type="application/json")
    return done.status_code, done.get_data(as_text=True)


def asgi(app, payload):
    """One request to the server of MLflow 3."""
    body, found = payload.encode(), []
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    scope = {"type": "http", "http_version": "1.1", "method": "POST", "scheme": "http", "path": "/invocations"}
    scope |= {"raw_path": b"/invocations", "query_string": b"", "root_path": "", "headers": headers}

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        found.append(message)

    asyncio.run(app(scope, receive, send))
    return found[0]["status"], b"".join(one.get("body", b"") for one in found[1:]).decode()


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], json.load(sys.stdin))
    else:
        mlflow.set_tracking_uri(f"file://{os.path.abspath('tracking')}")
        os.chdir(sys.argv[2])
        mlflow.models.infer_pip_requirements = lambda *_, **__: ["mlflow"]  # does not start a process for each model
        print(json.dumps([run(one) for one in json.load(sys.stdin)]))
