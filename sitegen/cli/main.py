"""The command line. Exit codes: 0 success, 1 a finding, 2 wrong usage or not possible, 70 an internal error."""

import argparse
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from sitegen.cli.report import COMPARISON_FORMATS, DIAGNOSTIC_FORMATS, REVIEW_FORMATS, terminal
from sitegen.core.text import visible
from sitegen.version import VERSION

AddParser = Callable[..., argparse.ArgumentParser]
CommandFunction = Callable[[Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code. A failure is one sentence on stderr, with a traceback for `--debug`."""
    terminal.set_error_handler()
    debug = "--debug" in (sys.argv[1:] if arguments is None else arguments)  # until the options are known
    crashes: list[BaseException] = []
    threading.excepthook = lambda crash: crashes.append(crash.exc_value or RuntimeError(crash.exc_type.__name__))
    try:
        options = _parser().parse_args(arguments)
        debug = options.debug
        run: CommandFunction = options.run
        result = run(options)
        return _report_failure(crashes, debug) if crashes else result
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the one place where every failure ends
        return _report_failure([*crashes, error], debug)
    finally:
        threading.excepthook = threading.__excepthook__


def _report_failure(errors: Sequence[BaseException], debug: bool) -> int:
    """Print why a command failed; the first error is the cause of the others. Returns the exit code."""
    from sitegen.cli.report import failures

    if debug:
        terminal.write_stderr("".join(map(failures.traceback_of, errors)))
    code, sentence = failures.failure_of(errors[0])
    terminal.print_message(sentence)
    return code


# --- the commands: each is imported when it runs; --version and --help need none of them ------------------------


def _run_build(options: Namespace) -> int:
    from sitegen.cli import build

    return build.run(options)


def _run_serve(options: Namespace) -> int:
    from sitegen.cli import serve

    return serve.run(options)


def _run_comment(options: Namespace) -> int:
    from sitegen.cli import comment

    return comment.run(options)


def _run_init(options: Namespace) -> int:
    from sitegen.cli import init

    return init.run(options)


def _run_check(options: Namespace) -> int:
    from sitegen.cli import check

    return check.run(options)


def _run_compare(options: Namespace) -> int:
    from sitegen.cli import compare

    return compare.run(options)


def _run_diff(options: Namespace) -> int:
    from sitegen.cli import diff

    return diff.run(options)


# --- the parser ------------------------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    """A parser that writes help and errors through `terminal`."""

    def _print_message(self, message: str, file: Any = None) -> None:
        if message:
            (terminal.write if file is sys.stdout else terminal.write_stderr)(message)

    def error(self, message: str) -> NoReturn:
        """Print the usage and the error; exit 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: error: {visible(message)}\n")


_DEBUG = "print a traceback when something fails"


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="sitegen",
        description="A static documentation site generated from a registry of ML models. Start with: sitegen serve .",
    )
    parser.add_argument("--version", action="version", version=f"sitegen {VERSION}")
    parser.add_argument("--debug", action="store_true", help=_DEBUG)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (_add_init, _add_build, _add_serve, _add_check, _add_compare, _add_diff, _add_comment):
        command(commands.add_parser)
    return parser


def _add_command(add: AddParser, name: str, run: CommandFunction, help: str, codes: str) -> argparse.ArgumentParser:
    """Add a command that `run` runs; `codes` lists its exit codes for the help."""
    codes = f"Exit code: {codes}, 70 internal error."
    command = add(name, help=help, description=f"{help[0].upper()}{help[1:]}.", epilog=codes)
    # No default: it would reset a --debug that stands before the command.
    command.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=_DEBUG)
    command.set_defaults(run=run)
    return command


HOSTS = ("github", "gitlab", "bucket", "nginx", "netlify", "azure")
"""What `--host` of `init` takes: the names of `sitegen.cli.recipes.RECIPES`."""


def _add_init(add: AddParser) -> None:
    text = "write a sitegen.toml and the files with which a host publishes the site"
    init = _add_command(add, "init", _run_init, text, "0 done, 2 not possible")
    init.add_argument(
        "registry", metavar="REGISTRY", nargs="?", default=".", help="path of the registry (default: this folder)"
    )
    init.add_argument("--host", choices=HOSTS, help="default: that of the git remote, GitHub or GitLab")


def _add_build(add: AddParser) -> None:
    build = _add_command(
        add, "build", _run_build, "build the site of a registry", "0 done, 1 errors with --strict, 2 not possible"
    )
    _add_registry(build)
    build.add_argument(
        "--output", default="site", metavar="FOLDER", help="a folder or a URL such as s3://bucket/site (default: site)"
    )
    build.add_argument("--base-url", metavar="URL", help="address of the published site; adds 404.html and sitemap.xml")
    build.add_argument(
        "--previous", metavar="FOLDER", help="an earlier site, or its api/: the catalog says what is new since then"
    )
    build.add_argument("--strict", action="store_true", help="exit 1 when there are errors")
    _add_allow_empty(build)
    build.add_argument("--explain", action="store_true", help="print why each model, bundle and page was built or not")
    build.add_argument("--jobs", type=int, metavar="N", help="worker processes (default: one per core)")
    build.add_argument("--executor", metavar="URL", help="a Dask cluster to use instead: dask://HOST:PORT")


def _add_serve(add: AddParser) -> None:
    serve = _add_command(add, "serve", _run_serve, "serve a live preview of the site", "0 stopped, 2 not possible")
    _add_registry(serve)
    serve.add_argument("--port", type=int, default=8000, metavar="N", help="port, or the next free one (default: 8000)")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine)")
    _add_allow_empty(serve)
    serve.add_argument("--open", action="store_true", help="open the browser")
    serve.add_argument(
        "--edit", action="store_true", help="let pages change tags, aliases and descriptions in the files"
    )
    serve.add_argument(
        "--allow-remote-edit", action="store_true", help="allow --edit with a --host that other machines can reach"
    )


def _add_check(add: AddParser) -> None:
    check = _add_command(
        add, "check", _run_check, "print the problems of a registry", "0 fine, 1 problems, 2 not possible"
    )
    _add_registry(check)
    check.add_argument("--format", choices=tuple(DIAGNOSTIC_FORMATS), default="text", help="default: text")
    check.add_argument(
        "--fail-on",
        choices=("error", "warning", "info"),
        default="error",
        help="exit 1 on problems of this severity or worse (default: error)",
    )
    check.add_argument("--known", metavar="FILE", help="set aside the problems that FILE lists: only new ones count")
    check.add_argument("--write-known", metavar="FILE", help="write today's problems to FILE for --known, and exit 0")
    check.add_argument(
        "--verbose", action="store_true", help="on a terminal, list every problem; else many of one rule are one line"
    )


def _add_compare(add: AddParser) -> None:
    text = "compare two models: what changes, and whether callers break"
    codes = "0 nothing breaks, 1 something breaks or cannot be judged, 2 not possible or OLD cannot be read"
    compare = _add_command(add, "compare", _run_compare, text, codes)
    named = "or, with --registry, MODEL/VERSION, MODEL@ALIAS or models:/MODEL/VERSION"
    compare.add_argument("old", metavar="OLD", help=f"a model folder or an MLmodel file; {named}")
    compare.add_argument("new", metavar="NEW", help="the same")
    compare.add_argument("--registry", metavar="REGISTRY", help="the registry that OLD and NEW are versions of")
    compare.add_argument("--format", choices=tuple(COMPARISON_FORMATS), default="text", help="default: text")


FAIL_ON = ("outputs", "lossy", "regression", "problems", "any", "never")
"""What `--fail-on` of `diff` takes; those of `sitegen.analysis.review.policy.TOPICS`, which is slow to import."""


def _topics(text: str) -> tuple[str, ...]:
    """The topics of `--fail-on`, separated by commas."""
    found = tuple(part.strip() for part in text.split(","))
    if unknown := [part for part in found if part not in FAIL_ON]:
        raise argparse.ArgumentTypeError(f"unknown: {unknown[0]!r} (choose from {', '.join(FAIL_ON)})")
    return found


def _add_diff(add: AddParser) -> None:
    text = "review what changes between two states of a registry, and whether callers break"
    codes = "0 nothing fails, 1 something breaks, cannot be judged or is in --fail-on, 2 not possible"
    diff = _add_command(add, "diff", _run_diff, text, codes)
    diff.add_argument("base", metavar="BASE", help="a revision of git (main, HEAD~1, main...HEAD), or a registry")
    diff.add_argument("head", metavar="HEAD", nargs="?", help="the same (default: HEAD)")
    diff.add_argument("--registry", metavar="PATH", help="the registry in revisions of git (default: this folder)")
    diff.add_argument("--format", choices=tuple(REVIEW_FORMATS), default="text", help="default: text")
    diff.add_argument(
        "--fail-on",
        type=_topics,
        default=(),
        metavar="LIST",
        help=f"what fails in addition to what breaks or cannot be judged: {', '.join(FAIL_ON)}",
    )
    diff.add_argument("--output", metavar="FOLDER", help="where to write the pages of html (default: review)")
    diff.add_argument("--site-url", metavar="URL", help="address of a preview of HEAD's site, for links")
    diff.add_argument("--config", metavar="FILE", help="settings file, in BASE (default: sitegen.toml of BASE)")
    diff.add_argument("--cache", metavar="DIR", help="folder for local state (default: the user's cache)")


def _add_comment(add: AddParser) -> None:
    text = "put a review into one comment of a pull request on GitHub"
    comment = _add_command(add, "comment", _run_comment, text, "0 done, 2 not possible")
    comment.add_argument("file", metavar="FILE", help="what `sitegen diff --format markdown` printed")
    comment.add_argument(
        "--pull", type=int, metavar="N", help="number of the pull request (default: that of the job's event)"
    )
    comment.add_argument("--site-url", metavar="URL", help="address of the preview: links elsewhere are removed")
    comment.add_argument(
        "--author",
        default="github-actions[bot]",
        metavar="LOGIN",
        help="whose comment is updated (default: github-actions[bot])",
    )


def _add_allow_empty(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--allow-empty", action="store_true", help="allow an empty registry to remove all models from the site"
    )


def _add_registry(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "registry",
        metavar="REGISTRY",
        help="a folder (`.` is this one), mlruns/, a database file, sqlite:///path, http(s)://server, or a URL such as s3://bucket/mlruns",
    )
    command.add_argument("--config", metavar="FILE", help="settings file (default: sitegen.toml in this folder)")
    command.add_argument("--cache", metavar="DIR", help="folder for local state (default: the user's cache)")
