"""Rules about what must not be published."""

from sitegen.domain.rules.rule import Rule

PRIVACY_RULES: dict[str, Rule] = {
    "copy-withheld": Rule(
        "warning",
        "A file that [files] publish names is not published",
        "log it in a format that can be searched, without private texts, or open all of [privacy]",
        "Texts are published without what is private, and images without their metadata; other files are searched, and "
        "published as they are or not at all.",
    ),
    "secret": Rule(
        "warning",
        "A text looks like a password or token",
        "revoke it, and log the model without it",
        "It is replaced by [redacted] on every page, but it lies in the registry for all who can read it.",
        points=20,
    ),
}
