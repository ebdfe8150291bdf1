"""The catalogue of check rules: the severity, title, hint and reason of each.

A new rule goes into the module of its subject: `files`, `models`, `stores`, `privacy` or `quality`.
"""

from sitegen.domain.rules.files import FILE_RULES
from sitegen.domain.rules.models import MODEL_RULES
from sitegen.domain.rules.privacy import PRIVACY_RULES
from sitegen.domain.rules.quality import QUALITY_RULES
from sitegen.domain.rules.rule import Rule
from sitegen.domain.rules.stores import STORE_RULES

RULES: dict[str, Rule] = {**FILE_RULES, **MODEL_RULES, **STORE_RULES, **PRIVACY_RULES, **QUALITY_RULES}
"""Every rule by its id, in the order of the about page."""
