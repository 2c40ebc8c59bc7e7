"""What every test run has: the tests' own packages importable, and the leak check."""

import pathlib
import sys

# `from tests.support... import ...` from any tier, without installing the tests.
sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
