"""`Accept`: findings of a review that a team has looked at and accepts until a day."""

import datetime
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import Any

from sitegen.core.errors import SitegenError


@dataclass(frozen=True, kw_only=True)
class Accept:
    """Findings that do not fail `sitegen diff` or `check`. The first four are globs; `expires` is the last day.

    `where` is the place in the signature or, of a problem, the path of its file.
    """

    model: str = "*"
    version: str = "*"
    rule: str = "*"
    where: str = "*"
    reason: str
    expires: str

    def covers(self, model: str, version: str, rule: str, where: str) -> bool:
        """Whether the globs match a finding."""
        pairs = ((model, self.model), (version, self.version), (rule, self.rule), (where, self.where))
        return all(fnmatchcase(text, glob) or text == glob for text, glob in pairs)

    def ends_before(self, today: str) -> bool:
        """Whether its last day is over; days are written as 2026-01-31."""
        return self.expires < today


def parse_accepts(value: Any, where: str, title: str) -> tuple[Accept, ...]:
    """The tables of a sitegen.toml that have a title such as `[[diff.accept]]`. Raises SitegenError."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise SitegenError(f"{where} must be a list of tables: {title}")
    return tuple(_parse(one, f"{where}[{number}]") for number, one in enumerate(value, 1))


def _parse(table: dict[str, Any], where: str) -> Accept:
    known = [field.name for field in fields(Accept)]
    if unknown := min(table.keys() - set(known), default=None):
        raise SitegenError(f'{where}: Unknown setting "{unknown}". Known: {", ".join(sorted(known))}')
    texts = {key: _day(text, where) if key == "expires" else text for key, text in table.items()}
    for key, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise SitegenError(f"{where}: {key} must be a text")
    for key in ("reason", "expires"):
        if key not in texts:
            raise SitegenError(f"{where} needs {key}: nothing is accepted without a reason and a last day")
    if not table.keys() - {"reason", "expires"}:
        raise SitegenError(f"{where} needs a model, version, rule or where: it would accept everything")
    return Accept(**texts)


def _day(value: Any, where: str) -> str:
    """A day of TOML, or its text."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise SitegenError(f"{where}: expires must be a day such as 2026-12-31") from error
