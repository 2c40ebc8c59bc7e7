"""One tree of errors, drawn in its docstring, and one table from it to HTTP."""

import inspect

from sampan import errors
from sampan.api.status import STATUS, status_of

CLASSES = [
    cls
    for _, cls in inspect.getmembers(errors, inspect.isclass)
    if issubclass(cls, errors.SampanError) and cls.__module__ == errors.__name__
]
# Its status depends on what it carries.
NEEDS_STATE = {errors.StartFailed}


def test_every_class_is_drawn_in_the_docstring():
    drawn = {
        line.split("─ ")[1].split()[0] for line in errors.__doc__.splitlines() if "── " in line
    }
    assert drawn == {cls.__name__ for cls in CLASSES} - {"SampanError"}


def test_every_class_has_a_status():
    assert set(STATUS) == set(CLASSES) - {errors.SampanError}
    assert all(300 <= status_of(cls.__new__(cls)) < 600 for cls in set(CLASSES) - NEEDS_STATE)
