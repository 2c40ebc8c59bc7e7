"""SIGHUP: read the configuration file again and take over what may change while running."""

import logging
import os
from collections.abc import Mapping

from sampan.daemon import log_lines, translate
from sampan.daemon.options import RELOADABLE
from sampan.daemon.settings import BadConfig, Settings, load
from sampan.engine.engine import Engine

log = logging.getLogger(__name__)


def reload(engine: Engine, settings: Settings, flags: Mapping[str, object]) -> None:
    """Take the new settings over; a file that cannot be used changes nothing."""
    try:
        fresh = load(flags)
    except BadConfig as error:
        log.error("configuration was not reloaded: %s", error)
        return
    changed = sorted(key for key in fresh if fresh[key] != settings[key])
    for key in changed:
        if key in RELOADABLE:
            settings[key] = fresh[key]
        else:
            log.warning("%s has changed in the configuration file; restart sampand for it", key)
    log_lines.set_level(settings)
    options = engine.options
    options.debug = translate.is_debug(settings)
    options.labels = settings["labels"]
    options.shutdown_timeout = settings["shutdown-timeout"]
    options.insecure_registries = settings["insecure-registries"]
    options.registry_mirrors = settings["registry-mirrors"]
    options.default_runtime = settings["default-runtime"]
    options.runtimes = translate.runtimes(settings)
    engine.events.publish("daemon", "reload", "", {"name": os.uname().nodename})
    log.info("Reloaded configuration: %s", ", ".join(changed) or "nothing has changed")
