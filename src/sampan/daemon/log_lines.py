"""The daemon's own log: lines like dockerd's, on standard error."""

import json
import logging
import sys

from sampan.base import clock
from sampan.daemon.settings import Settings
from sampan.daemon.translate import is_debug

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "error": logging.ERROR,
    "fatal": logging.CRITICAL,
}
# logrus's words, which people grep for.
WORDS = {"WARNING": "warning", "CRITICAL": "fatal"}


class TextFormatter(logging.Formatter):
    """time="…" level=info msg="…"."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever is in the message; a traceback follows on lines of its own."""
        moment = clock.text(int(record.created * 1e9))
        text = f"time={json.dumps(moment)} level={_level(record)} msg={json.dumps(_text(record))}"
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return text


class JsonFormatter(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        document = {
            "level": _level(record),
            "msg": _text(record),
            "time": clock.text(int(record.created * 1e9)),
        }
        if record.exc_info:
            document["trace"] = self.formatException(record.exc_info)
        return json.dumps(document)


def _level(record: logging.LogRecord) -> str:
    return WORDS.get(record.levelname, record.levelname.lower())


def _text(record: logging.LogRecord) -> str:
    return record.getMessage()


def set_up(settings: Settings) -> None:
    """Write the log to standard error in the format asked for."""
    handler = logging.StreamHandler(sys.stderr)
    json_wanted = settings["log-format"] == "json"
    handler.setFormatter(JsonFormatter() if json_wanted else TextFormatter())
    logging.getLogger().handlers = [handler]
    set_level(settings)


def set_level(settings: Settings) -> None:
    """Change how much is logged."""
    level = "debug" if is_debug(settings) else settings["log-level"]
    logging.getLogger().setLevel(LEVELS[level])
    logging.getLogger("asyncio").setLevel(logging.WARNING)
