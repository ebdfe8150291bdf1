"""Shell commands of MLflow that score: a server with a request, and a batch job."""

import shlex

from sitegen.analysis.usage.payload import Payload
from sitegen.analysis.usage.snippet import URI, Snippet

PORT = 5001
"""Not 5000, where the tracking server listens unless told otherwise."""

_ENVIRONMENT = "the environment of the model, active in this shell"


def serve_code(payload: Payload) -> tuple[Snippet, ...]:
    """Start the scoring server, then send it a request; without a payload there is no request."""
    text = f"# needs {_ENVIRONMENT}\nmlflow models serve --model-uri {URI} --port {PORT} --env-manager local"
    serve = Snippet("Serve over REST", "shell", text, (_ENVIRONMENT,))
    if not payload.text:
        return (serve,)
    request = (
        f"curl http://127.0.0.1:{PORT}/invocations --header 'Content-Type: application/json' \\\n"
        f"  --data {shlex.quote(payload.text)}"
    )
    return serve, Snippet("Send a request", "shell", request, ("the server above",))


def predict_code(payload: Payload) -> Snippet | None:
    """Score a file; None without a payload."""
    if not payload.text:
        return None
    text = (
        f"# needs {_ENVIRONMENT}\n"
        f"cat > payload.json <<'JSON'\n{payload.text}\nJSON\n"
        f"mlflow models predict --model-uri {URI} --env-manager local \\\n"
        "  --content-type json --input-path payload.json --output-path predictions.json"
    )
    return Snippet("Score a file", "shell", text, (_ENVIRONMENT,))
