"""Where the files of a version lie: an address leads to the folder it means, or to none."""

import time

import pytest

from sitegen.sources.artifact_location import find_folder, group_folders

RUN, MODEL = "1a" * 16, "m-" + "2b" * 16
FOLDERS = ["model", "team/model", "deep/team/model", f"1/{RUN}/artifacts/model", f"1/models/{MODEL}/artifacts", "3"]


@pytest.mark.parametrize(
    ("address", "folder"),
    [
        (f"runs:/{RUN}/model", f"1/{RUN}/artifacts/model"),
        (f"s3://b/9/{RUN}/artifacts/model", f"1/{RUN}/artifacts/model"),
        (f"models:/{MODEL}", f"1/models/{MODEL}/artifacts"),
        ("model", "model"),
        ("./model", "model"),
        ("out/model", "model"),
        ("team/model", "team/model"),
        ("/home/x/team/model", "team/model"),
        ("file:///home/x/deep/team/model", "deep/team/model"),
        ("C:\\x\\team\\model", "team/model"),
        ("s3://other/team%2Fmodel", "team/model"),
        # what is not here
        (f"runs:/{'3c' * 16}/model", None),
        (f"runs:/{'3c' * 16}/team/model", None),
        ("models:/team/3", None),
        ("models:/model", None),
        ("s3://other/bucket/model", None),
        ("/home/x/model", None),
        ("C:\\x\\model", None),
        ("C:/model", None),
        ("other/3b", None),
        ("", None),
    ],
)
def test_an_address_leads_to_its_folder(address: str, folder: str | None) -> None:
    assert find_folder([address], group_folders(FOLDERS), None, None) == folder


def test_many_folders_that_end_alike_take_no_time() -> None:
    """Each address was compared with all of them: half a minute."""
    found = group_folders([f"m{number}/model" for number in range(5000)])
    start = time.process_time()
    for number in range(5000):
        assert find_folder([f"s3://b/m{number}/model"], found, None, None) == f"m{number}/model"
    assert time.process_time() - start < 3
