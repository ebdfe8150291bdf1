"""Shell commands of MLflow that score: a server with a request, and a batch job."""

import json
import shlex

from sitegen.analysis.usage.payload import Payload
from sitegen.analysis.usage.python import STREAM_NEED
from sitegen.analysis.usage.snippet import URI, Snippet, warn

PORT = 5001
"""Not 5000, where the tracking server listens unless told otherwise."""

_ENVIRONMENT = "the environment of the model, active in this shell"


def serve_code(payload: Payload, streams: bool = False) -> tuple[Snippet, ...]:
    """Start the scoring server, then send it a request; without a payload there is no request.

    `streams`: the model can send its answer in pieces, which is a second request.
    """
    text = f"# needs {_ENVIRONMENT}\nmlflow models serve --model-uri {URI} --port {PORT} --env-manager local"
    serve = Snippet("Serve over REST", "shell", text, (_ENVIRONMENT,))
    if not payload.text:
        return (serve,)
    request = Snippet("Send a request", "shell", warn(_request(payload.text), payload.made_up), ("the server above",))
    if not streams:
        return serve, request
    data = json.dumps({**json.loads(payload.text), "stream": True}, ensure_ascii=False)
    text = f"# {STREAM_NEED}\n{_request(data, ' --no-buffer')}"
    return serve, request, Snippet("Stream the answer", "shell", text, ("the server above",))


def _request(payload: str, option: str = "") -> str:
    return (
        f"curl{option} http://127.0.0.1:{PORT}/invocations --header 'Content-Type: application/json' \\\n"
        f"  --data {shlex.quote(payload)}"
    )


def predict_code(payload: Payload) -> Snippet | None:
    """Score a file; None without a payload."""
    if not payload.text:
        return None
    text = (
        f"# needs {_ENVIRONMENT}\n"
        f"{warn('cat', payload.made_up)} > payload.json <<'JSON'\n{payload.text}\nJSON\n"
        f"mlflow models predict --model-uri {URI} --env-manager local \\\n"
        "  --content-type json --input-path payload.json --output-path predictions.json"
    )
    return Snippet("Score a file", "shell", text, (_ENVIRONMENT,))
