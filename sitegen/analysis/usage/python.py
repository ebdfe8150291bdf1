"""Python code that loads a version and predicts with it: as `python_function`, and by the library itself."""

from sitegen.analysis.usage.input_data import InputData
from sitegen.analysis.usage.native import Native
from sitegen.analysis.usage.snippet import URI, Snippet, python_snippet

CHAT_INPUTS = {
    "agent/v1/responses": '{"input": [{"role": "user", "content": "Hello"}]}',
    "agent/v1/chat": '{"messages": [{"role": "user", "content": "Hello"}]}',
    "agent/v2/chat": '{"messages": [{"role": "user", "content": "Hello"}]}',
    "llm/v1/chat": '{"messages": [{"role": "user", "content": "Hello"}]}',
    "llm/v1/completions": '{"prompt": "Hello"}',
    "llm/v1/embeddings": '{"input": ["Hello"]}',
}
"""What models of a task take; a literal of Python and of JSON."""


def chat_data(task: str) -> InputData:
    """The data of a model that takes messages rather than a table."""
    return InputData((f"data = {CHAT_INPUTS[task]}",))


def pyfunc_code(data: InputData) -> Snippet:
    """Load the version as `python_function`, which checks what it gets by the signature, and predict."""
    load = f"model = mlflow.pyfunc.load_model({URI})"
    return python_snippet(
        "Load and predict", [load, *data.lines, f"print(model.predict({data.arguments}))"], data.needs
    )


def native_code(name: str, native: Native, data: InputData) -> Snippet:
    """Load the version by its library, and predict where the library has one call for all models."""
    load = f"model = mlflow.{name}.{native.load}({URI})"
    if not native.call:
        return python_snippet(f"Load with {name}", [load, "print(model)"])
    predict = f"print({native.call.format(data='data')})"
    lines = data.data if "{data}" in native.call else ()
    needs = data.needs if "{data}" in native.call else ()
    return python_snippet(f"Load with {name}", [load, *native.prepare, *lines, predict], needs, native.imports)
