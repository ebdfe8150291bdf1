"""What goes wrong in a template of a user's, as one sentence that begins with its place."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import TemplateNotFound, TemplateSyntaxError

from sitegen.core.errors import SitegenError
from sitegen.site.theme import Theme


@contextmanager
def user_template_errors(theme: Theme) -> Iterator[None]:
    """Turns what a user's template raises into a SitegenError; shipped templates raise as they are: that is a bug."""
    try:
        yield
    except Exception as error:  # a template may call anything, with anything: 1 // 0 is a ZeroDivisionError
        place = _place(error)
        if not theme.override or place is None:
            raise
        raise SitegenError(f"{place}: {_message(error)}") from error


def _place(error: Exception) -> str | None:
    """File and line of the innermost template that was at work."""
    if isinstance(error, TemplateSyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    place, at = None, error.__traceback__
    while at is not None:
        file = at.tb_frame.f_code.co_filename
        place = f"{file}:{at.tb_lineno}" if Path(file).suffix == ".html" else place
        at = at.tb_next
    return place


def _message(error: Exception) -> str:
    text = f"there is no template {error.name}" if isinstance(error, TemplateNotFound) else str(error)
    return text.rstrip(".") or type(error).__name__
