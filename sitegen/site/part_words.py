"""Words for the parts of versions and models that differ."""

PART_WORDS = {
    "description": "description",
    "card": "model card",
    "facts": "licence, owner and other facts",
    "source": "source",
    "stage": "stage",
    "status": "status",
    "model_status": "status of the logged model",
    "run": "run",
    "datasets": "datasets",
    "example": "input example",
    "mlmodel": "other fields of MLmodel",
    "model_id": "model id",
    "created": "time of creation",
    "tags": "tags",
    "refusals": "what MLflow refuses beside the signature",
    "type_hints": "type hints of the signature",
}
"""Parts of versions and models, as readers call them."""


def parts_text(parts: tuple[str, ...]) -> str:
    """What else differs, in words."""
    return ", ".join(PART_WORDS.get(part, part) for part in parts)
