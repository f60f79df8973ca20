"""The command line: every verb of the product without a window. Scripts depend on its contract.

Exit codes: 0 done, 1 failed, 2 bad input. Results go to stdout, progress and errors to stderr.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Sequence

import click

from app import messages
from capture.errors import UserError
from capture.work import Cancelled

#: Which file holds which verb; a verb's file is imported when the verb is called.
VERBS: dict[str, str] = {
    "doctor": "care",
    "new": "resource",
    "record": "media",
    "import": "media",
    "caption": "media",
    "glossary": "glossary",
    "models": "models",
    "edit": "edit",
    "tag": "resource",
    "choose": "edit",
    "split": "edit",
    "show": "show",
    "list": "show",
    "search": "show",
    "bin": "resource",
    "restore": "resource",
    "preview": "publish",
    "feedback": "feedback",
    "check": "publish",
    "export": "publish",
    "make": "make",
    "demo": "make",
    "recover": "care",
    "bundle": "care",
    "unbundle": "care",
}


class Verbs(click.Group):
    """Finds a verb in its file, so that ``lapel list`` does not wait for what ``lapel make`` imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of work."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the verb called ``cmd_name``."""
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"app.verbs.{VERBS[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name}_verb")
        return command


@click.group(cls=Verbs, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lapel", message="Lapel %(version)s")
@click.pass_context
def lapel(ctx: click.Context) -> None:
    """Record a local expert, trim by words, publish to the LMS. Without a verb the window opens."""
    if ctx.invoked_subcommand is None:
        from app import window

        ctx.exit(window.run())


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; every expected failure is one line on stderr."""
    level = logging.getLevelNamesMapping().get(os.environ.get("LAPEL_LOG", "").upper(), logging.ERROR)
    logging.basicConfig(stream=sys.stderr, level=level, format="%(name)s: %(message)s")
    try:
        code = lapel.main(args=list(arguments), prog_name="lapel", standalone_mode=False)
    except click.ClickException as error:
        return _fail(error.format_message(), error.exit_code)
    except UserError as error:
        return _fail(messages.sentence(error), error.exit_code)
    except (Cancelled, KeyboardInterrupt, click.Abort):
        return _fail(messages.text("cli.stopped"), 1)
    except BrokenPipeError:  # the reader of our output went away, as `lapel list | head` does
        sys.stderr.close()
        return 1
    return code if isinstance(code, int) else 0


def _fail(line: str, code: int) -> int:
    print(f"lapel: {' '.join(line.split())}", file=sys.stderr)  # noqa: T201 - stderr is its place
    return code
