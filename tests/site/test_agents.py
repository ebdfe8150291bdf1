"""The page of a model that takes messages."""

import json
from pathlib import Path

from tests.support import sites
from tests.support.registries import write

INPUTS = json.dumps([{"type": "string", "name": "input", "required": True}])
MLMODEL = f"""flavors:
  python_function:
    loader_module: mlflow.pyfunc.model
metadata:
  task: agent/v1/responses
signature:
  inputs: '{INPUTS}'
"""


def test_an_agent_is_called_with_messages(tmp_path: Path) -> None:
    """The page says so, its signature is folded, and no tool checks a table."""
    site = sites.built(write(tmp_path / "registry", {"agent/1/MLmodel": MLMODEL}), tmp_path / "site")
    page = (site / "models/agent/1/index.html").read_text()
    assert "An agent (agent/v1/responses): callers send messages, not a table." in page
    assert 'data = {"input": [{"role": "user", "content": "Hello"}]}' in page
    assert "<summary>Show the signature</summary>" in page
    assert "data-use-payload" not in page and "Column-based" not in page
