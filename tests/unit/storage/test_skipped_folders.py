"""Folders that a scan skips: README lists them, and both kinds of listings leave them out."""

import re
from pathlib import Path

from sitegen.storage.scan import SKIPPED_FOLDERS

README = Path(__file__).parents[3] / "README.md"


def test_readme_lists_the_folders_that_are_not_read() -> None:
    paragraph = re.search(r"These folders are not read.*?\n\n", README.read_text(encoding="utf-8"), re.DOTALL)
    assert paragraph
    assert set(re.findall(r"`([^`]+)`", paragraph[0])) == SKIPPED_FOLDERS
