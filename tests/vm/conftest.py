"""These tests are for the virtual machine; elsewhere they are not even collected."""

from tests.vm.paths import MARK

collect_ignore_glob = [] if MARK.exists() else ["test_*.py"]
