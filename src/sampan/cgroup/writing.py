"""Carrying out a list of values: the same for v1 and v2. Decides nothing but the second try."""

import errno

from sampan.cgroup import interface

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sampan.cgroup.values.value import Value

# No such file, or a file that only says no: kernel memory limits answer ENOTSUPP (524, which has
# no name in user space) since Linux 5.16.
ABSENT = (errno.ENOENT, errno.ENODEV, errno.EOPNOTSUPP, 524)


def write_all(values: "Iterable[Value]", directory: "Callable[[str], str]") -> list[str]:
    """Write the values; return warnings for those that have no place here.

    Some pairs are valid only together (memory and memory+swap, quota and period), and which has
    to be first depends on what is there: those the kernel refuses get a second try at the end.
    """
    warnings = []
    refused = []
    for value in values:
        try:
            warning = _write(value, directory)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            refused.append(value)
        else:
            warnings += [warning] if warning else []
    for value in refused:
        _write(value, directory)
    return list(dict.fromkeys(warnings))


def _write(value: "Value", directory: "Callable[[str], str]") -> str:
    place = directory(value.controller)
    if place:
        try:
            interface.write(f"{place}/{value.file}", value.text)
        except OSError as error:
            if error.errno not in ABSENT or _is_about_a_device(value, error):
                raise
        else:
            return ""
    return _write(value.otherwise, directory) if value.otherwise else value.discard


def _is_about_a_device(value: "Value", error: OSError) -> bool:
    """ENODEV for "8:0 1048576" means that there is no disk 8:0."""
    return error.errno == errno.ENODEV and ":" in value.text
