"""What HEAD changes in the settings that decide a review: a change must not pass by loosening its own gate."""

from collections.abc import Iterator
from dataclasses import astuple, fields
from typing import Any

from sitegen.analysis.review.values import SettingChange
from sitegen.settings.accept import Accept
from sitegen.settings.settings import Settings

_SECTIONS = ("metrics", "check", "privacy", "registry")


def setting_changes(old: Settings, new: Settings) -> tuple[SettingChange, ...]:
    """The accepts, the levels and ignored findings, and the settings of metrics, privacy and folders that differ."""
    return (
        *_accepts("diff.accept", old.diff.accept, new.diff.accept),
        *_accepts("check.ignore", old.check.ignore, new.check.ignore),
        *_values(old, new),
    )


def _accepts(key: str, old: tuple[Accept, ...], new: tuple[Accept, ...]) -> Iterator[SettingChange]:
    yield from (SettingChange(key, None, _text(one)) for one in new if one not in old)
    yield from (SettingChange(key, _text(one), None) for one in old if one not in new)


def _text(accept: Accept) -> str:
    names = [field.name for field in fields(Accept)]
    pairs = zip(names, astuple(accept), strict=True)
    return ", ".join(f"{name} = {text}" for name, text in pairs if text != "*")


def _values(old: Settings, new: Settings) -> Iterator[SettingChange]:
    for section in _SECTIONS:
        before, after = getattr(old, section), getattr(new, section)
        for field in fields(before):
            a, b = getattr(before, field.name), getattr(after, field.name)
            if a != b and field.name != "ignore":  # whose entries are listed one by one
                yield SettingChange(f"{section}.{field.name}", _value_text(a), _value_text(b))


def _value_text(value: Any) -> str | None:
    if isinstance(value, tuple):
        return ", ".join(": ".join(one) if isinstance(one, tuple) else str(one) for one in value) or None
    return str(value).lower() if isinstance(value, bool) else str(value)
