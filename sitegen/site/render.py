"""Views to pages: jinja templates with autoescape, which get one variable."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from sitegen.analysis.compat.rules.table import fix, reason
from sitegen.core.errors import SitegenError
from sitegen.core.text import reveal
from sitegen.domain.comparison import worst_first
from sitegen.domain.diagnostic import count_problems
from sitegen.settings.private_folder import is_private, read_private, write_private
from sitegen.site.theme import Theme, shipped_folder
from sitegen.site.views.code import fill_places

SHIPPED_PREFIX = "sitegen"
"""The folder name by which a user's templates extend the shipped templates that they override."""

MAX_PARTS = 256
"""Rendered parts that are cached."""


def render(theme: Theme, template: str, page: Any) -> bytes:
    """A page from its view. Raises SitegenError for an error in a user's template."""
    with _user_template_errors(theme):
        return _renderer(theme).page(template, page)


def render_part(theme: Theme, name: str, value: Any) -> str:
    """`parts/<name>.html` for a value."""
    with _user_template_errors(theme):
        return str(_renderer(theme).part(name, value))


def load_templates(theme: Theme) -> None:
    """Load all templates, so that the first page need not wait for them. Raises as `render` does."""
    with _user_template_errors(theme):
        environment = _renderer(theme).environment
        names = environment.list_templates(filter_func=lambda name: name.endswith(".html"))
        for name in names:
            if not name.startswith(f"{SHIPPED_PREFIX}/"):  # the shipped templates under their second name
                environment.get_template(name)


# --- environment -----------------------------------------------------------------------------------------------


class _Generator(CodeGenerator):
    """Compiles templates to faster code for the operations that a page repeats hundreds of times."""

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - jinja's name
        """Compile `a.b` to an attribute access only: views have every field that templates use."""
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        """Make a block yield its text at once: else each piece passes through all templates around the block."""
        buffered = frame.block is not None and frame.buffer is None
        if buffered:
            self.buffer(frame)
        super().blockvisit(nodes, frame)
        if buffered:
            self.writeline(f"yield concat({frame.buffer})")

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        """Import the macros of a template as they are: jinja compares the globals of both templates each time."""
        if node.with_context:
            super()._import_common(node, frame)
            return
        self.write("environment.get_template(")
        self.visit(node.template, frame)
        self.write(f", {self.name!r}).module")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:  # noqa: ARG002 - as jinja calls it
        self.write("environment.text(")


class _Environment(Environment):
    """An environment that looks up each template once: a page asks for the same five, and they do not change."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._templates: dict[object, Template] = {}

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """The template of a name."""
        found = self._templates.get(name)
        if found is None:
            found = self._templates[name] = super().get_template(name, parent, globals)
        return found


def _text(value: object) -> str:
    """Escape a value for a page, in a quarter of the time of `escape` for texts that need no escaping."""
    if type(value) is str:
        plain = not ("<" in value or "&" in value or ">" in value or '"' in value or "'" in value)
        return value if plain else str(escape(value))
    if type(value) is int:
        return str(value)
    return value if type(value) is Markup else str(escape(value))


class _TemplateCache(BytecodeCache):
    """Caches compiled templates in files of a private folder, each with a digest of its code and the theme's edition.

    Compiling takes longer than the rest of a small change. A damaged file, and one of another edition or user, is a
    cache miss; so is every file where the folder is not private or cannot be written.
    """

    def __init__(self, folder: str, edition: bytes) -> None:
        self.folder, self.edition = Path(folder), edition
        self._private = is_private(self.folder)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket with the cached code if the digest matches."""
        data = read_private(self.folder / bucket.key) if self._private else None
        if data is not None and self._digest(data[32:]) == data[:32]:
            bucket.bytecode_from_string(data[32:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the bucket's code to the cache."""
        if self._private:
            code = bucket.bytecode_to_string()
            write_private(self.folder / bucket.key, self._digest(code) + code)

    def _digest(self, code: bytes) -> bytes:
        return hashlib.sha256(self.edition + code).digest()


class _Renderer:
    """A jinja environment, and a cache of parts that were rendered for values that many pages share."""

    def __init__(self, theme: Theme) -> None:
        folder = FileSystemLoader(shipped_folder())
        loaders: list[BaseLoader] = [FileSystemLoader(theme.override)] if theme.override else []
        self.environment = _Environment(
            loader=ChoiceLoader([*loaders, folder, PrefixLoader({SHIPPED_PREFIX: folder})]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_TemplateCache(theme.compiled, theme.edition) if theme.compiled else None,
        )
        self.environment.code_generator_class = _Generator
        self.environment.text = _text  # type: ignore[attr-defined]
        self.environment.filters.update(FILTERS, part=lambda value, name: self.part(name, value))
        self._parts: dict[tuple[str, int], tuple[Any, Markup]] = {}

    def page(self, template: str, page: Any) -> bytes:
        """The bytes of a page; lone surrogates, which UTF-8 does not allow, become question marks."""
        return self.environment.get_template(template).render(page=page).encode("utf-8", "replace")

    def part(self, name: str, value: Any) -> Markup:
        """`parts/<name>.html` for a value. Cached by the identity of the value."""
        key = name, id(value)
        known = self._parts.get(key)
        if known is not None and known[0] is value:
            return known[1]
        if len(self._parts) >= MAX_PARTS:
            self._parts.clear()
        html = self.environment.get_template(f"parts/{name}.html").render(part=value)
        made = Markup(html)  # noqa: S704 - rendered by an escaping template
        self._parts[key] = value, made
        return made


@lru_cache(maxsize=4)
def _renderer(theme: Theme) -> _Renderer:
    """The renderer of a theme. Cached per process: compiling templates takes longer than rendering a page."""
    return _Renderer(theme)


# --- errors ----------------------------------------------------------------------------------------------------------


@contextmanager
def _user_template_errors(theme: Theme) -> Iterator[None]:
    """Convert an error in a user's template to SitegenError; an error in a shipped template is a bug and propagates."""
    try:
        yield
    except Exception as error:  # any class: a user's template may raise what it likes, 1 // 0 a ZeroDivisionError
        place = _error_place(error)
        if not theme.override or place is None:
            raise
        raise SitegenError(f"{place}: {_error_message(error)}") from error


def _error_place(error: Exception) -> str | None:
    """File and line in the innermost template on the stack of the error."""
    if isinstance(error, TemplateSyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    place, at = None, error.__traceback__
    while at is not None:
        file = at.tb_frame.f_code.co_filename
        place = f"{file}:{at.tb_lineno}" if Path(file).suffix == ".html" else place
        at = at.tb_next
    return place


def _error_message(error: Exception) -> str:
    text = f"there is no template {error.name}" if isinstance(error, TemplateNotFound) else str(error)
    return text.rstrip(".") or type(error).__name__


# --- filters ---------------------------------------------------------------------------------------------------


def sentence(text: str | None) -> Markup | None:
    """The text of a rule as a sentence with a capital letter, a full stop, and `code` as HTML."""
    if not text:
        return None
    marked = _CODE.sub(r"<code>\1</code>", str(escape(text[0].upper() + text[1:])))
    return Markup(marked if marked.endswith((".", "?")) else f"{marked}.")  # noqa: S704 - escaped above


def general_sentence(text: str) -> Markup | None:
    """The sentence of a rule without a change, with *name*, *old* and *new* as placeholders."""
    marked = sentence(text.replace("{where}", "{name}"))
    return Markup(_BLANK.sub(r"<var>\1</var>", str(marked))) if marked else None  # noqa: S704 - escaped above


def has_any(rows: Iterable[object], field: str) -> bool:
    """Whether a field of any row is set."""
    return any(getattr(row, field) for row in rows)


MAX_UNBROKEN = 24
"""Characters of a name that needs no place to break."""


def add_breaks(name: str) -> str | Markup:
    """A long name with places where a line may break: behind underscores and slashes."""
    if len(name) <= MAX_UNBROKEN:
        return name
    return Markup(_BREAK.sub(r"\g<0><wbr>", str(escape(name))))  # noqa: S704 - escaped here


_BREAK = re.compile(r"[_/]+(?=[^_/])")
_CODE = re.compile(r"`([^`]*)`")
_BLANK = re.compile(r"\{(name|old|new)\}")
FILTERS: dict[str, Callable[..., object]] = {
    "breaks": add_breaks,
    "any": has_any,
    "count_problems": count_problems,
    "places": fill_places,
    "reason": lambda change: sentence(reason(change)),
    "fix": lambda change: sentence(fix(change)),
    "reveal": reveal,
    "sentence": sentence,
    "thousands": "{:,}".format,
    "general": general_sentence,
    "worst_first": worst_first,
}
