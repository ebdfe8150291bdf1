"""The command line. Exit 0 fine, 1 findings, 2 wrong usage."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from sitegen.diagnostics import SitegenError, visible
from sitegen.version import VERSION

Adding = Callable[..., argparse.ArgumentParser]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; what goes wrong is one sentence on stderr."""
    try:
        options = _parser().parse_args(arguments)
        command = import_module(f"sitegen.commands.{options.command}")  # --version and --help load none of them
        result: int = command.run(options)
        sys.stdout.flush()  # here an error is still told
        return result
    except SitegenError as error:
        print(f"sitegen: {visible(str(error))}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:  # of this machine: a full disk, a folder that may not be written
        place = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
        print(f"sitegen: {visible(f'{place}{error.strerror or error}')}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("sitegen: interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sitegen", description="A static documentation site generated from a registry of ML models."
    )
    parser.add_argument("--version", action="version", version=f"sitegen {VERSION}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (_build, _serve, _check, _compare):
        command(commands.add_parser)
    return parser


def _command(add: Adding, name: str, help: str, codes: str) -> argparse.ArgumentParser:
    """A command; `codes` says what it exits with."""
    command = add(name, help=help, description=f"{help[0].upper()}{help[1:]}.", epilog=f"Exit code: {codes}.")
    command.set_defaults(command=name)
    return command


def _build(add: Adding) -> None:
    build = _command(add, "build", "make the site of a registry", "0 done, 1 errors with --strict, 2 not possible")
    _registry(build)
    build.add_argument(
        "--output", default="site", metavar="PLACE", help="a folder or a URL such as s3://bucket/site (default: site)"
    )
    build.add_argument("--base-url", metavar="URL", help="where it will be published: makes 404.html and sitemap.xml")
    build.add_argument("--strict", action="store_true", help="exit 1 when there are errors")
    build.add_argument("--jobs", type=int, metavar="N", help="processes (default: one a core)")
    build.add_argument("--executor", metavar="URL", help="a Dask cluster instead: dask://HOST:PORT")


def _serve(add: Adding) -> None:
    serve = _command(add, "serve", "show the site in a browser, and keep it up to date", "0 ended, 2 not possible")
    _registry(serve)
    serve.add_argument("--port", type=int, default=8000, metavar="N", help="or the next free one (default: 8000)")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine)")
    serve.add_argument("--open", action="store_true", help="open the browser")
    serve.add_argument(
        "--edit", action="store_true", help="let pages change tags, aliases and descriptions in the files"
    )


def _check(add: Adding) -> None:
    check = _command(add, "check", "print the problems of a registry", "0 fine, 1 problems, 2 not possible")
    _registry(check)
    check.add_argument("--format", choices=("text", "json", "github"), default="text", help="default: text")
    check.add_argument(
        "--fail-on",
        choices=("error", "warning", "info"),
        default="error",
        help="exit 1 when there is a problem of this level or a worse one (default: error)",
    )


def _compare(add: Adding) -> None:
    text = "say what changes between two models, and whether callers break"
    compare = _command(add, "compare", text, "0 fine, 1 something breaks, 2 not possible")
    compare.add_argument("old", metavar="OLD", help="a model folder or an MLmodel file")
    compare.add_argument("new", metavar="NEW", help="a model folder or an MLmodel file")
    compare.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="default: text")


def _registry(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "registry",
        metavar="REGISTRY",
        help="a folder, mlruns/, a database file, sqlite:///path, http(s)://server, or a URL such as s3://bucket/mlruns",
    )
    command.add_argument("--config", metavar="FILE", help="settings (default: sitegen.toml in this folder)")
    command.add_argument("--cache", metavar="DIR", help="folder for local state (default: the user's cache)")
