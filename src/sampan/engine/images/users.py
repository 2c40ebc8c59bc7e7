"""Which containers stand on an image: asked by everything that removes images."""

from collections.abc import Callable

from sampan.engine.stores import Stores


def of(engine: Stores) -> Callable[[str], list[tuple[str, bool]]]:
    """Return the question: image id to (container id, whether it runs)."""

    def in_use(image_id: str) -> list[tuple[str, bool]]:
        return [
            (container.id, container.state.running)
            for container in engine.containers
            if container.image_id == image_id
        ]

    return in_use
