"""Statuses of errors."""

import pytest

from sampan import errors
from sampan.api.status import STATUS, status_of


def test_every_class_of_error_has_a_status():
    classes = {
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, errors.SampanError)
    }
    assert classes - set(STATUS) == {errors.SampanError}


def test_a_subclass_has_the_status_of_its_parent():
    class TooLong(errors.InvalidRequest):
        pass

    assert status_of(TooLong("x")) == 400


@pytest.mark.parametrize(("code", "status"), [(126, 400), (127, 400), (128, 500)])
def test_a_missing_program_is_the_callers_mistake(code, status):
    assert status_of(errors.StartFailed("exec: no", code)) == status


def test_everything_else_is_our_fault():
    assert status_of(ZeroDivisionError()) == 500
