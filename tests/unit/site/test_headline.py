"""The sentence at the head of a model's page: what the newest version means for callers."""

import pytest

from sitegen.domain.comparison import Comparison, Level, Verdict
from sitegen.domain.model import Kind, Model, Version
from sitegen.settings.settings import Settings
from sitegen.site.views.context import ModelContext, model_context
from sitegen.site.views.parts import SiteView
from sitegen.site.views.verdicts import Headline, headline, used_address

ENDS: dict[tuple[Level, Level, Level], str] = {
    ("safe", "safe", "safe"): "v3 is newer than @champion v2: compatible.",
    ("breaking", "breaking", "safe"): "v3 is newer than @champion v2 and breaks its callers.",
    ("lossy", "breaking", "safe"): "v3 is newer than @champion v2 and breaks its REST callers.",
    ("breaking", "safe", "breaking"): "v3 is newer than @champion v2 and breaks its Python callers.",
    ("safe", "safe", "breaking"): "v3 is newer than @champion v2 and breaks readers of its output.",
    ("unknown", "unknown", "safe"): "v3 is newer than @champion v2; whether it is compatible is unknown.",
    ("lossy", "safe", "safe"): "v3 is newer than @champion v2 and drops something that its callers send.",
    (
        "safe",
        "safe",
        "behaviour",
    ): "v3 is newer than @champion v2 and accepts every call of @champion v2, but the result may differ.",
}


def context(count: int, champion: str = "", kind: Kind = "registered") -> ModelContext:
    """A model with versions, of which one may be the champion."""
    aliases = (("champion", champion),) if champion else ()
    versions = tuple(
        Version(name=str(n), path=None, aliases=("champion",) if str(n) == champion else ())
        for n in range(1, count + 1)
    )
    model = Model(name="m", kind=kind, versions=versions, aliases=aliases, address="models:/m")
    return model_context(model, "m", Settings(), SiteView("", "", "", {}))


@pytest.mark.parametrize("levels", ENDS)
def test_the_sentence_tells_the_verdict(levels: tuple[Level, Level, Level]) -> None:
    """Callers before readers of the output."""
    python, rest, outputs = levels
    found = Comparison(changes=(), verdict=Verdict(python=python, rest=rest, outputs=outputs))
    assert headline(context(3, "2")._replace(from_baseline=(found,) * 3), "").effect == ENDS[levels]


def test_what_is_newest_itself_needs_no_verdict() -> None:
    """The champion is what users call; a first version has no callers; attempts are not judged."""
    assert headline(context(3, "3"), "").effect == "v3 is @champion and the newest version."
    assert [headline(one, "") for one in (context(1), context(0), context(2, kind="logged"))] == [Headline()] * 3


def test_the_address_is_that_of_today() -> None:
    """By the alias, which moves with the champion; without one, the newest version by its number."""
    assert used_address(context(3, "2")) == ("@champion v2", "models:/m@champion")
    assert used_address(context(3)) == ("v3", "models:/m/3")
    assert used_address(context(0)) == ("", "")
