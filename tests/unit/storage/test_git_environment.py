"""The variables with which git runs: those that name another repository or program are left out."""

import os

from sitegen.storage.git.repository import environment


def test_git_has_the_settings_of_the_machine_and_the_user_alone() -> None:
    """An image of a container says in the settings of the machine which folders git may trust."""
    own = {"GIT_CONFIG_GLOBAL": "a", "GIT_CONFIG_SYSTEM": "b", "PATH": "c"}
    others = ("DIR", "WORK_TREE", "EXTERNAL_DIFF", "SSH_COMMAND", "CONFIG_COUNT", "CONFIG_PARAMETERS", "EXEC_PATH")
    found = environment(own | {f"GIT_{name}": os.devnull for name in others})
    assert own.items() <= found.items()
    assert not {f"GIT_{name}" for name in others} & found.keys()
    assert "GIT_CONFIG_NOSYSTEM" not in found
