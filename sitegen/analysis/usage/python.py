"""Python code that loads a version and predicts with it: as `python_function`, and by the library itself."""

import re

from sitegen.analysis.usage.input_data import InputData
from sitegen.analysis.usage.native import Native
from sitegen.analysis.usage.snippet import URI, Snippet, python_snippet

_TASK = re.compile(r"(agent|llm)/v\d+/(chat|completions|embeddings|responses)")
"""The tasks of models that take messages or texts; a later number means the same."""

_MESSAGES = '[{"role": "user", "content": "Hello"}]'
_CHAT_INPUTS = {
    "responses": f'{{"input": {_MESSAGES}}}',
    "chat": f'{{"messages": {_MESSAGES}}}',
    "completions": '{"prompt": "Hello"}',
    "embeddings": '{"input": ["Hello"]}',
}
"""What models take, by the last part of their task; a literal of Python and of JSON."""


def chat_input(task: str) -> str:
    """What a model of a task takes, a literal of Python and of JSON; empty for a model that takes a table or arrays."""
    found = _TASK.fullmatch(task)
    return _CHAT_INPUTS[found[2]] if found else ""


def chat_note(task: str) -> str:
    """One sentence about a model of a task; empty for a model that takes a table or arrays."""
    found = _TASK.fullmatch(task)
    if not found:
        return ""
    what, kind = chat_words(task)
    return f"A{'n' if kind[0] in 'ae' else ''} {kind} ({task}): callers send {what}, not a table."


def chat_words(task: str) -> tuple[str, str]:
    """What a model of a task takes, and what it is: ("messages", "agent")."""
    found = _TASK.fullmatch(task)
    if not found:
        return "", ""
    what, kind = _KINDS[found[2]]
    return what, "agent" if found[1] == "agent" else kind


_KINDS = {
    "responses": ("messages", "chat model"),
    "chat": ("messages", "chat model"),
    "completions": ("a prompt", "completion model"),
    "embeddings": ("texts", "embedding model"),
}


def chat_data(task: str) -> InputData:
    """The data of a model that takes messages rather than a table."""
    return InputData((f"data = {chat_input(task)}",))


def pyfunc_code(data: InputData) -> Snippet:
    """Load the version as `python_function`, which checks what it gets by the signature, and predict."""
    load = f"model = mlflow.pyfunc.load_model({URI})"
    lines = [load, *data.lines, f"print(model.predict({data.arguments}))"]
    return python_snippet("Load and predict", lines, data.needs)._replace(table=data.table)


STREAM_NEED = "fails if the agent does not implement predict_stream: the MLmodel file does not say"
"""What both forms of a request that streams need."""


def stream_code(data: InputData) -> Snippet:
    """Print the pieces of an answer as they come. No file says whether an agent has code for it."""
    lines = [
        f"model = mlflow.pyfunc.load_model({URI})",
        *data.lines,
        "for piece in model.predict_stream(data):",
        "    print(piece)",
    ]
    return python_snippet("Stream the answer", lines, [STREAM_NEED])


def native_code(name: str, native: Native, data: InputData) -> Snippet:
    """Load the version by its library, and predict where the library has one call for all models."""
    load = f"model = mlflow.{name}.{native.load}({URI})"
    if not native.call:
        return python_snippet(f"Load with {name}", [load, "print(model)"])
    predict = f"print({native.call.format(data='data')})"
    lines = data.data if "{data}" in native.call else ()
    needs = data.needs if "{data}" in native.call else ()
    snippet = python_snippet(f"Load with {name}", [load, *native.prepare, *lines, predict], needs, native.imports)
    return snippet._replace(table=data.table if lines else "")
