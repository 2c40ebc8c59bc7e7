"""`rmi`: take a name from an image, and with its last name the image and the layers nobody needs.

Rules and wording are Docker's (daemon/images/image_delete.go):
- by name: the name goes; the image too if that was the last one. The only name of an image that a
  container was made from goes only with force.
- by id: an image with several names needs force; a running container or images made from this one
  forbid it even then, a stopped container until forced.
"""

from collections.abc import Callable, Iterable

from sampan.base import ids
from sampan.errors import Conflict
from sampan.images.shelf import Shelf
from sampan.oci import reference
from sampan.oci.reference import Reference

# Containers made from an image: (id, whether it runs).
InUse = Callable[[str], Iterable[tuple[str, bool]]]
Record = dict[str, str]


def remove(
    shelf: Shelf, text: str, in_use: InUse, *, force: bool = False, prune: bool = True
) -> list[Record]:
    """Remove by name or id; return Docker's Untagged and Deleted lines."""
    with shelf.lock:
        removal = _Removal(shelf, shelf.find(text), in_use, force=force)
        if shelf.is_id(text, removal.identity):
            removal.by_id()
        elif not removal.by_name(text):
            return removal.records
        removal.delete(prune=prune)
        return removal.records


class _Removal:
    """One removal under way."""

    def __init__(self, shelf: Shelf, identity: str, in_use: InUse, *, force: bool) -> None:
        self._shelf = shelf
        self.identity = identity
        self._in_use = in_use
        self._force = force
        self._quiet = False
        self.records: list[Record] = []

    def names(self) -> list[Reference]:
        """Names that the image has now."""
        return [reference.parse(name) for name in self._shelf.references.of(self.identity)]

    def by_name(self, text: str) -> bool:
        """Take the name away; whether the image is to go too."""
        wanted = reference.parse(text).tagged()
        if wanted.digest:
            wanted = wanted._replace(tag="")
        if not self._force and _is_single(self.names()):
            for container, _running in self._in_use(self.identity):
                raise Conflict(
                    f'conflict: unable to remove repository reference "{text}" (must force)'
                    f" - container {ids.short(container)} is using its referenced image"
                    f" {ids.short(self.identity)}"
                )
        self._untag(wanted)
        left = self.names()
        if not wanted.digest and not any(
            name.name == wanted.name and not name.digest for name in left
        ):
            # The digests of a repository go with its last tag.
            for name in left:
                if name.name == wanted.name:
                    self._untag(name)
            left = self.names()
        self._quiet = True
        return not left

    def by_id(self) -> None:
        """Check, and take the names away if they all are of one repository."""
        if _is_single(self.names()):
            self._check(names_matter=False)
            for name in self.names():
                self._untag(name)

    def _untag(self, name: Reference) -> None:
        self._shelf.references.delete(str(name))
        self.records.append({"Untagged": name.familiar})

    def delete(self, *, prune: bool) -> None:
        """Remove the image, and with prune the nameless ones it was made from."""
        try:
            self._check(names_matter=True)
        except Conflict:
            # What was asked for, taking the name away, is done; the image stays without one.
            if self._quiet:
                return
            raise
        row = self._shelf.rows.get(self.identity)
        for name in self.names():
            self._untag(name)
        layers = self._shelf.drop(self.identity)
        self.records.append({"Deleted": self.identity})
        self.records += ({"Deleted": layer} for layer in layers)
        parent = row.parent if row else ""
        if not prune or self._shelf.rows.get(parent) is None:
            return
        above = _Removal(self._shelf, parent, self._in_use, force=False)
        if not above.names() and not above.conflict(names_matter=True):
            above.delete(prune=True)
            self.records += above.records

    def _check(self, *, names_matter: bool) -> None:
        conflict = self.conflict(names_matter=names_matter)
        if conflict is not None:
            raise conflict

    def conflict(self, *, names_matter: bool) -> Conflict | None:
        """Say why the image may not go."""
        shown = ids.short(self.identity)

        def because(how: str, why: str) -> Conflict:
            return Conflict(f"conflict: unable to delete {shown} ({how}) - {why}")

        if self._shelf.children(self.identity):
            return because("cannot be forced", "image has dependent child images")
        users = list(self._in_use(self.identity))
        for container, running in users:
            if running:
                why = f"image is being used by running container {ids.short(container)}"
                return because("cannot be forced", why)
        if self._force:
            return None
        if names_matter and len(self.names()) > 1:
            return because("must be forced", "image is referenced in multiple repositories")
        for container, _running in users:
            why = f"image is being used by stopped container {ids.short(container)}"
            return because("must be forced", why)
        return None


def _is_single(names: list[Reference]) -> bool:
    """Whether an image has one tag at most, and digests of no other repository."""
    if len(names) <= 1:
        return True
    tags = [name for name in names if not name.digest]
    if len(tags) > 1:
        return False
    digests = {name.name for name in names if name.digest}
    return len(digests) == 1 and (tags or names)[0].name in digests
