"""prctl(2), one function per option that we use, named after it."""

from ctypes import c_int, c_ulong, c_void_p

from sampan.linux.libc import check, declare

_prctl = declare("prctl", c_int, c_ulong, c_ulong, c_ulong, c_ulong)
_prctl_name = declare("prctl", c_int, c_void_p, c_ulong, c_ulong, c_ulong)

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_KEEPCAPS = 8
PR_SET_NAME = 15
PR_CAPBSET_READ = 23
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
PR_CAP_AMBIENT_CLEAR_ALL = 4


def set_pdeathsig(signal: int) -> None:
    """PR_SET_PDEATHSIG: get this signal when the parent dies. A change of ids clears it."""
    check(_prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0))


def set_dumpable(*, dumpable: bool) -> None:
    """PR_SET_DUMPABLE: whether others of our uid may trace us and open our /proc files."""
    check(_prctl(PR_SET_DUMPABLE, int(dumpable), 0, 0, 0))


def set_keepcaps(*, keep: bool) -> None:
    """PR_SET_KEEPCAPS: keep permitted capabilities when leaving uid 0."""
    check(_prctl(PR_SET_KEEPCAPS, int(keep), 0, 0, 0))


def set_name(name: str) -> None:
    """PR_SET_NAME: the name shown by ps -o comm; the kernel keeps 15 bytes."""
    check(_prctl_name(PR_SET_NAME, name.encode()[:15], 0, 0, 0))


def set_child_subreaper(*, subreaper: bool) -> None:
    """PR_SET_CHILD_SUBREAPER: orphaned descendants become our children."""
    check(_prctl(PR_SET_CHILD_SUBREAPER, int(subreaper), 0, 0, 0))


def set_no_new_privs() -> None:
    """PR_SET_NO_NEW_PRIVS: execve gives no privileges from here on. Cannot be undone."""
    check(_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def capbset_read(capability: int) -> bool:
    """PR_CAPBSET_READ; OSError (EINVAL) for a capability that the kernel does not know."""
    return bool(check(_prctl(PR_CAPBSET_READ, capability, 0, 0, 0)))


def capbset_drop(capability: int) -> None:
    """PR_CAPBSET_DROP."""
    check(_prctl(PR_CAPBSET_DROP, capability, 0, 0, 0))


def cap_ambient_clear_all() -> None:
    """PR_CAP_AMBIENT_CLEAR_ALL."""
    check(_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))


def cap_ambient_raise(capability: int) -> None:
    """PR_CAP_AMBIENT_RAISE."""
    check(_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0))
