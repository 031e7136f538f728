"""The command ``suanli``: finds the command asked for, and turns whatever goes wrong into one message and a status.

Nothing heavy is imported here, nor by the modules of the commands before they run: ``suanli --help`` costs what click
costs. Exit status: 0 good, 2 the user's mistake, 1 our own failure, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import click

from sim.app import failures, terminal

COMMANDS = (
    "run",
    "extend",
    "merge",
    "show",
    "outputs",
    "claims",
    "priors",
    "scenarios",
    "compare",
    "attribute",
    "sensitivity",
    "stress",
    "ask",
    "check",
    "world",
    "export",
    "report",
    "serve",
    "bench",
    "doctor",
)


class Commands(click.Group):
    """The group of all commands; each is the ``command`` of a module of ``sim.app``, imported when called for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        found = importlib.import_module(f"sim.app.{cmd_name}").command
        if not isinstance(found, click.Command):
            raise TypeError(f"sim.app.{cmd_name}.command: found {type(found).__name__}, expected a click command")
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that ``args`` begin with; an unknown one is answered with the nearest name."""
        if not args[0].startswith("-"):
            failures.require(args[0], COMMANDS, "command", "suanli")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command and put out all it printed, here, where a failure to do so can still be answered."""
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", message="nothing reads ")  # said when the book is loaded, once
                result = super().invoke(ctx)
            failures.heed()
            terminal.flush()
        except BaseException as error:
            # click's own ``main`` would answer Ctrl-C with two lines and a closed pipe with status 1.
            if failures.interrupted(error):
                raise failures.Interrupted from None
            if isinstance(error, BrokenPipeError):
                raise failures.ReaderGone from None
            name = ctx.invoked_subcommand
            if isinstance(error, click.UsageError) and error.ctx is None and name in COMMANDS:
                # click forgets whose an option without its argument was.
                error.ctx = click.Context(self.get_command(ctx, name) or self, parent=ctx, info_name=name)
            raise
        return result

    def main(  # type: ignore[override]  # click has overloads that differ from version to version
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **options: Any
    ) -> Any:
        """Run the command line; ends the process with the status unless ``standalone_mode=False`` is given."""
        if not options.pop("standalone_mode", True):
            return super().main(args, prog_name, standalone_mode=False, **options)
        terminal.prepare()
        failures.begin()
        call = super().main
        process = failures.Process(own=args is None)
        if args is None:
            failures.interrupt_quietly()
        status = _status(lambda: call(args, prog_name, standalone_mode=False, obj=process, **options), process)
        if args is None:
            _leave(status)
        sys.exit(status)


def _leave(status: int) -> NoReturn:
    """End the process, once everything has been unwound, told and written.

    A plain exit takes 0.3 s after a run to take apart what the system takes back in 0.05 s. After a failure it would also
    wait for threads that are compiling; Python would die of SIGINT, not with our status, where Ctrl-C passed through an
    exec() (dataclasses, NumPy); and HDF5 crashes when it closes a file once more that it could not close on a full disk.
    """
    if not status:
        with contextlib.suppress(Exception):
            atexit._run_exitfuncs()
    with contextlib.suppress(OSError, ValueError):
        terminal.flush()
    os._exit(status)


def _status(call: Callable[[], Any], process: failures.Process) -> int:
    """Exit status of ``call``, whose failure is told in one message on stderr."""
    try:
        found = call()
    except failures.ReaderGone:
        terminal.drop_output()
        return 0
    except (failures.Interrupted, click.Abort):
        failures.let_go(process)
        terminal.note(failures.stopped_text())
        return failures.STOPPED
    except click.ClickException as error:
        terminal.note(failures.worded(error))
        return error.exit_code
    except Exception as error:
        status, message = failures.answer(error)
        terminal.drop_output()
        terminal.note(message)
        return status
    return found if isinstance(found, int) else 0


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    no_args_is_help=False,
)
@click.version_option(package_name="suanli", message="suanli %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Simulate China's AI compute market from what an expert said in spring 2023.

    `suanli run` prints the first answers for the baseline scenario; every command explains itself with --help.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
