"""The way of a command: global flags, find it in the tree, parse, run, exit code.

Everything that only some commands need is loaded when it is needed: the command's own
module, help screens, TLS. `sampan ps` pays for nothing else.
"""

from __future__ import annotations

import sys

from sampan.base.settings import setting
from sampan.cli.context import Context
from sampan.cli.errors import CommandError, Exit, HelpAsked, UsageError
from sampan.cli.flags import BOOL, LIST, STRING, Flag
from sampan.cli.load import load
from sampan.cli.output import Output
from sampan.cli.parser import parse
from sampan.cli.tree import NOUNS, find
from sampan.client.api import Client
from sampan.client.host import parse as parse_host
from sampan.errors import SampanError
from sampan.version import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sampan.cli.flags import Options
    from sampan.cli.tree import Command

GLOBAL = (
    Flag("config", "", STRING, "Location of client config files"),
    Flag("debug", "D", BOOL, "Enable debug mode"),
    Flag("host", "H", LIST, "Daemon socket to connect to"),
    Flag(
        "log-level",
        "l",
        STRING,
        'Set the logging level ("debug", "info", "warn", "error", "fatal")',
        default="info",
    ),
    Flag("tls", "", BOOL, "Use TLS; implied by --tlsverify"),
    Flag("tlscacert", "", STRING, "Trust certs signed only by this CA"),
    Flag("tlscert", "", STRING, "Path to TLS certificate file"),
    Flag("tlskey", "", STRING, "Path to TLS key file"),
    Flag("tlsverify", "", BOOL, "Use TLS and verify the remote"),
    Flag("version", "v", BOOL, "Print version information and quit"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _dispatch(words)
    except Exit as ending:
        return ending.code
    except BrokenPipeError:
        return load("sampan.cli.ending").broken_pipe()  # type: ignore[no-any-return]
    except KeyboardInterrupt:
        return load("sampan.cli.ending").interrupted()  # type: ignore[no-any-return]
    except CommandError as error:
        if str(error):
            Output(2).line(str(error))
        return error.code
    except SampanError as error:
        Output(2).line(str(error))
        return 1
    except OSError as error:
        # A file that cannot be written, a descriptor that is closed: the user's to see to.
        Output(2).line(": ".join(str(part) for part in (error.filename, error.strerror) if part))
        return 1


def _dispatch(words: list[str]) -> int:
    try:
        options, rest = parse(GLOBAL, words, interspersed=False)
    except HelpAsked:
        # `sampan --help ps` is the help of ps.
        return _help([word for word in words if not word.startswith("-")])
    except UsageError as error:
        Output(2).line(f"{error}\n\nUsage:  sampan [OPTIONS] COMMAND [ARG...]\n")
        raise CommandError("Run 'sampan --help' for more information", error.code) from None
    if options.on("version"):
        Output(1).line(f"Sampan version {VERSION}")
        return 0
    if not rest:
        Output(2).write(load("sampan.cli.help").overview(GLOBAL))
        return 0
    if rest[0] == "help":
        return _help(rest[1:])
    command, taken = find(rest)
    if command is None:
        return _no_command(rest)
    return _run(command, options, rest[taken:])


def _run(command: Command, globals_: Options, words: list[str]) -> int:
    module = load(command.module)
    try:
        options, arguments = parse(
            module.FLAGS, words, interspersed=getattr(module, "INTERSPERSED", True)
        )
        _count(command, module, arguments)
    except HelpAsked:
        Output(1).write(load("sampan.cli.help").command(command, module))
        return 0
    except UsageError as error:
        start = "sampan: " if error.prefixed else ""
        usage = f"sampan {command.path} {module.USAGE}".rstrip()
        Output(2).line(f"{start}{error}\n\nUsage:  {usage}\n")
        hint = f"{error.word} 'sampan {command.path} --help' for more information"
        raise CommandError(hint, error.code) from None
    directory = globals_.text("config") or setting("DOCKER_CONFIG")
    directory = directory or f"{setting('HOME')}/.docker"
    context = Context(command, lambda: _connect(globals_), directory)
    return int(module.run(context, options, arguments))


def _count(command: Command, module: Any, arguments: list[str]) -> None:  # noqa: ANN401
    """Check the number of arguments, in Docker's words for each way it can be wrong."""
    least, most = module.ARGUMENTS
    given = len(arguments)
    if given >= least and (most is None or given <= most):
        return
    name = f"'sampan {command.path}'"
    if most == 0:
        raise UsageError(f"{name} accepts no arguments", 1, prefixed=True)
    if least == most:
        text = f"{name} requires {least} argument{'s' if least > 1 else ''}"
        raise UsageError(text, 1, prefixed=True)
    if given < least and most is None:
        text = f"{name} requires at least {least} argument{'s' if least > 1 else ''}"
        raise UsageError(text, 1, prefixed=True, word="See")
    bound = f"at most {most}" if not least else f"at least {least} and at most {most}"
    raise UsageError(f"{name} requires {bound} argument{'s' if most > 1 else ''}", 1, prefixed=True)


def _connect(options: Options) -> Client:
    hosts = options.many("host")
    if len(hosts) > 1:
        raise CommandError("Specify only one -H")
    text = hosts[0] if hosts else setting("SAMPAN_HOST") or setting("DOCKER_HOST")
    verify = options.on("tlsverify") or bool(setting("DOCKER_TLS_VERIFY"))
    secure = verify or options.on("tls") or text.startswith("https:")
    host = parse_host(text, tls=secure)
    version = setting("DOCKER_API_VERSION")
    if host.kind == "tcp" and secure:
        dialer = load("sampan.client.tls").dialer(
            directory=setting("DOCKER_CERT_PATH") or f"{setting('HOME')}/.docker",
            ca=options.text("tlscacert"),
            cert=options.text("tlscert"),
            key=options.text("tlskey"),
            verify=verify,
        )
        return Client(host, version=version, dialer=dialer)
    if host.kind == "ssh":
        raise CommandError(
            "ssh:// is no address of a daemon here: forward its socket with ssh -L, and use unix://"
        )
    return Client(host, version=version)


def _help(words: list[str]) -> int:
    screens = load("sampan.cli.help")
    if not words:
        Output(1).write(screens.overview(GLOBAL))
        return 0
    command, _ = find(words)
    if command is not None:
        Output(1).write(screens.command(command, load(command.module)))
        return 0
    if words[0] in NOUNS:
        Output(1).write(screens.noun(words[0]))
        return 0
    return _no_command(words)


def _no_command(words: list[str]) -> int:
    """A noun alone shows its help; anything else is an unknown command."""
    noun = words[0] if words[0] in NOUNS else ""
    rest = [word for word in words[1:] if not word.startswith("-")]
    if noun and (not rest or "--help" in words):
        Output(1 if "--help" in words else 2).write(load("sampan.cli.help").noun(noun))
        return 0
    path = f"sampan {' '.join([noun, *rest[:1]] if noun else words[:1])}"
    usage = f"Usage:  sampan {noun}\n\n" if noun else ""
    hint = f"sampan {noun}".rstrip()
    raise CommandError(
        f"sampan: unknown command: {path}\n\n{usage}Run '{hint} --help' for more information"
    )
