"""The daemon's life: claim, build, start, serve, reload, stop.

Stopping closes the listeners and lets go; containers keep running, logging and serving, and
are taken back by the next start.
"""

import asyncio
import faulthandler
import gc
import logging
import os
import resource
import signal

from sampan.api.application import HEADERS, Application
from sampan.daemon import log_lines
from sampan.daemon.claims import Claims
from sampan.daemon.directories import make_directories
from sampan.daemon.listeners import DEFAULT_HOST, Listener, close_listener, open_listener
from sampan.daemon.notify import notify
from sampan.daemon.reload import reload
from sampan.daemon.settings import Settings
from sampan.daemon.translate import engine_options
from sampan.daemon.wiring import build_engine
from sampan.engine.engine import Engine
from sampan.http.server import Server
from sampan.version import API_VERSION, VERSION

log = logging.getLogger(__name__)


async def run(settings: Settings, flags: dict[str, object]) -> None:
    """Run until a signal says stop."""
    claims = Claims()
    listeners: list[Listener] = []
    try:
        options = engine_options(settings, settings["hosts"] or [DEFAULT_HOST])
        claims.roots(options.data(), options.run())
        claims.pidfile(settings["pidfile"])
        for host in options.hosts:
            listeners += open_listener(host, group=settings["group"], tls=settings["tls"])
        raise_descriptor_limit()
        make_directories(options.data(), options.run())
        log.info("Starting up sampand %s, API %s", VERSION, API_VERSION)
        engine = build_engine(settings, options)
        try:
            await engine.start()
            await _serve(engine, listeners, settings, flags)
        finally:
            await engine.shutdown()
    finally:
        for listener in listeners:
            close_listener(listener)
        claims.release()
    log.info("Daemon shutdown complete")


async def _serve(
    engine: Engine, listeners: list[Listener], settings: Settings, flags: dict[str, object]
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, reload, engine, settings, flags)
    application = Application(engine)
    async with Server(application.handle, headers=HEADERS) as server:
        for listener in listeners:
            await server.listen(listener.sock)
            log.info("API listen on %s", listener.host)
        # What exists now lives as long as the daemon: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        notify("READY=1")
        log.info("Daemon has completed initialization")
        await stop.wait()
        fate = "keep running" if settings["live-restore"] else "are stopped"
        log.info("Processing signal: stop; containers %s", fate)
        notify("STOPPING=1")
        engine.events.close()


def raise_descriptor_limit() -> None:
    """Allow as many descriptors as the system lets us: each container holds a few."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main_run(settings: Settings, flags: dict[str, object]) -> None:
    """Set up the process and run."""
    os.umask(0o022)
    log_lines.set_up(settings)
    # As dockerd does with its goroutines: where does it hang?
    faulthandler.register(signal.SIGUSR1, all_threads=True)
    asyncio.run(run(settings, flags))
