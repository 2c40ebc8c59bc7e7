"""Every protocol in a driver.py has one suite in tests/contract, run on every implementation."""

import ast

import pytest
from tests.architecture.source import FILES, REPOSITORY, name, parsed

DRIVERS = [path for path in FILES if path.name == "driver.py"]


def protocols(path) -> list[str]:
    return [
        node.name
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)
    ]


@pytest.mark.parametrize("path", DRIVERS, ids=name)
def test_driver_has_a_contract_suite(path):
    if not protocols(path):
        pytest.skip("values only, no protocol")
    room = f"sampan.{path.parent.name}"
    suites = [
        suite.name
        for suite in (REPOSITORY / "tests" / "contract").glob("test_*.py")
        if room in suite.read_text() and "params" in suite.read_text()
    ]
    assert suites, f"no parametrised suite in tests/contract imports {room}"


@pytest.mark.parametrize("path", DRIVERS, ids=name)
def test_every_method_of_a_protocol_says_what_it_promises(path):
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ClassDef) and node.name in protocols(path):
            for method in node.body:
                if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
                    assert ast.get_docstring(method), f"{node.name}.{method.name}"
