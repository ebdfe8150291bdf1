"""Running scripts in a Python that has MLflow; whatever MLflow puts into the current folder goes with it."""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

VARIABLE = "SITEGEN_MLFLOW_PYTHON"
"""Names the Python that has MLflow; several, for what only an old MLflow opens, are separated as in PATH."""

PYTHONS = [text for text in os.environ.get(VARIABLE, "").split(os.pathsep) if text]
"""Those that have MLflow: of version 3 first, then older ones."""

HERE = Path(__file__).parent
SETTINGS = {"MLFLOW_ALLOW_FILE_STORE": "true", "MLFLOW_DISABLE_TELEMETRY": "true"}


class AskedInVainError(Exception):
    """The script failed; the text is the end of what it said."""


def ask(python: str, *arguments: str | Path, lines: str = "") -> str:
    """What a Python prints, given arguments and standard input. Raises AskedInVainError."""
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [os.path.abspath(python), *arguments],
            cwd=folder,
            env={**os.environ, **SETTINGS},
            input=lines,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise AskedInVainError(done.stderr[-2000:])
    return done.stdout
