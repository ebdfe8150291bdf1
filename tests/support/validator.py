"""The Nu HTML Checker, the W3C's validator, on pages: npm's vnu-jar in `.ci`, run by Java."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.support.options import ROOT

JAR = ROOT / ".ci/node_modules/vnu-jar/build/dist/vnu.jar"


def html_errors(pages: Iterable[Path]) -> list[str]:
    """The validator's errors with page and line.

    Its warnings that a policy blocks the scripts of a page are none of them: it does not know what 'self' is.
    """
    java = shutil.which("java")
    assert java, "Java is not installed: apt-get install default-jre-headless"
    assert JAR.is_file(), "the validator is not installed: npm ci --prefix .ci"
    command = [java, "-jar", str(JAR), "--format", "json", "--exit-zero-always", *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [
        f"{one['url'].removeprefix('file:')}:{one.get('lastLine', 0)}: {one['message']}"
        for one in json.loads(done.stderr)["messages"]
        if one["type"] != "info"
    ]
