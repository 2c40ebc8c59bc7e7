"""Query parameters as Docker reads them. Pure: text in, values out."""

from urllib.parse import parse_qs

from sampan.errors import InvalidRequest

# httputils.BoolValue in moby: everything but these is true, also "2" and "yes".
FALSE = {"", "0", "no", "false", "none"}


class Query:
    """The parsed query of one request."""

    __slots__ = ("_values",)

    def __init__(self, raw: str) -> None:
        self._values: dict[str, list[str]] = {}
        if raw:
            try:
                self._values = parse_qs(raw, keep_blank_values=True, max_num_fields=1000)
            except ValueError as error:
                raise InvalidRequest(f"bad query: {error}") from error

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str = "") -> str:
        """The first value, or the default when there is none."""
        values = self._values.get(name)
        return values[0] if values else default

    def texts(self, name: str) -> list[str]:
        """All values of a parameter that may be given many times."""
        return self._values.get(name, [])

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean in Docker's sense."""
        values = self._values.get(name)
        return default if values is None else values[0].strip().lower() not in FALSE

    def number(self, name: str, default: int) -> int:
        """A whole number; InvalidRequest when it is something else."""
        found = self.optional_number(name)
        return default if found is None else found

    def optional_number(self, name: str) -> int | None:
        """A whole number, None when it is not given or empty."""
        text = self.text(name)
        if not text:
            return None
        try:
            return int(text)
        except ValueError:
            raise InvalidRequest(f"bad parameter {name}: {text!r} is not a number") from None
