"""Containers as they are kept: one document each, all of them in memory too.

Reads never touch the disk. Whoever changes a Container calls save(), which writes the whole
document; whether the change makes sense is the engine's business.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from sampan.base import ids
from sampan.errors import Conflict, InvalidRequest, NotFound
from sampan.schema.container import State
from sampan.schema.container_config import ContainerConfig
from sampan.schema.host_config import HostConfig, PortBinding
from sampan.schema.mount import MountPoint
from sampan.schema.network import EndpointSettings
from sampan.state.database import Database


class Container(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Everything that is remembered of one container."""

    id: str
    name: str  # without the slash
    created: str
    image_id: str
    config: ContainerConfig
    host_config: HostConfig
    state: State = msgspec.field(default_factory=State)
    path: str = ""
    args: list[str] = msgspec.field(default_factory=list)
    chain: str | None = None  # top chain id of the image the snapshot stands on
    networks: dict[str, EndpointSettings] = msgspec.field(default_factory=dict)
    ports: dict[str, list[PortBinding] | None] = msgspec.field(default_factory=dict)
    mounts: list[MountPoint] = msgspec.field(default_factory=list)
    restart_count: int = 0
    stopped_by_user: bool = False  # `stop` and `kill` end the restart policy's say
    driver: str = ""
    platform: str = "linux"
    seccomp: str = ""  # path of the compiled filter the running task has
    removing: bool = False
    touched: bool = False  # its snapshot may differ from the image: started, or copied into
    macs: dict[str, str] = msgspec.field(default_factory=dict)  # wished for, by network name
    new_volumes: list[str] = msgspec.field(default_factory=list)  # anonymous, go with --rm
    env_of_links: list[str] = msgspec.field(default_factory=list)


class Containers:
    """The table of containers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_id: dict[str, Container] = {}
        self._by_name: dict[str, Container] = {}
        self._reserved: dict[str, str] = {}  # name to id
        decoder = msgspec.json.Decoder(Container)
        for (document,) in database.query("SELECT document FROM containers"):
            assert isinstance(document, bytes)
            self._index(decoder.decode(document))

    def _index(self, container: Container) -> None:
        self._by_id[container.id] = container
        self._by_name[container.name] = container

    def __iter__(self) -> Iterator[Container]:
        """Go through all containers; the table may change meanwhile."""
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, container_id: str) -> bool:
        return container_id in self._by_id

    def get(self, container_id: str) -> Container | None:
        """Return the container with exactly this id."""
        return self._by_id.get(container_id)

    def named(self, name: str) -> Container | None:
        """Return the container with exactly this name."""
        return self._by_name.get(name)

    def resolve(self, reference: str) -> Container:
        """Find a container by id, name, or an unambiguous beginning of its id, in this order."""
        name = reference.removeprefix("/")
        found = self._by_id.get(reference) or self._by_name.get(name)
        if found is not None:
            return found
        if not ids.looks_like_id(reference):
            raise NotFound("container", reference)
        matches = [each for key, each in self._by_id.items() if key.startswith(reference)]
        if len(matches) > 1:
            raise InvalidRequest(f"multiple IDs found with provided prefix: {reference}")
        if not matches:
            raise NotFound("container", reference)
        return matches[0]

    def add(self, container: Container) -> None:
        """Keep a new container; Conflict when its name is taken."""
        self.refuse_taken(container.name, container.id)
        self._database.execute(
            "INSERT INTO containers (id, name, document) VALUES (?, ?, ?)",
            container.id,
            container.name,
            msgspec.json.encode(container),
        )
        self._index(container)

    def save(self, container: Container) -> None:
        """Write a changed container. One that was deleted meanwhile stays deleted."""
        self._database.execute(
            "UPDATE containers SET document = ? WHERE id = ?",
            msgspec.json.encode(container),
            container.id,
        )

    def rename(self, container: Container, name: str) -> None:
        """Give a container another name; Conflict when that is taken."""
        self.refuse_taken(name)
        old, container.name = container.name, name
        self._database.execute(
            "UPDATE containers SET name = ?, document = ? WHERE id = ?",
            name,
            msgspec.json.encode(container),
            container.id,
        )
        del self._by_name[old]
        self._by_name[name] = container

    def delete(self, container: Container) -> None:
        """Forget a container; its name is free at once."""
        self._database.execute("DELETE FROM containers WHERE id = ?", container.id)
        self._by_id.pop(container.id, None)
        if self._by_name.get(container.name) is container:
            del self._by_name[container.name]

    def is_taken(self, name: str) -> bool:
        """Whether a name is used, or reserved for a container being made."""
        return name in self._by_name or name in self._reserved

    @contextmanager
    def reserved(self, name: str, container_id: str) -> Iterator[None]:
        """Keep a name for a container while it is being made."""
        self.refuse_taken(name)
        self._reserved[name] = container_id
        try:
            yield
        finally:
            del self._reserved[name]

    def refuse_taken(self, name: str, own: str = "") -> None:
        """Refuse a name that another container has, with the words clients match on."""
        holder = self._by_name[name].id if name in self._by_name else self._reserved.get(name, "")
        if holder and holder != own:
            raise Conflict(
                f'Conflict. The container name "/{name}" is already in use by container '
                f'"{holder}". You have to remove (or rename) that container to be able to '
                "reuse that name."
            )
