"""From a cgroup description to a handle; what that does is sampan.cgroup's business."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def open_group(description: "dict[str, Any]") -> "Any | None":
    """Open the control group of a task; None when it has none."""
    if not description:
        return None
    raise NotImplementedError("control groups")
