"""Becoming the user's program: limits, ids, capabilities, filter, exec. Shared by init and exec.

    program = Program(spec["process"], seccomp=..., label=...)
    program.prepare(at)     while the host's /proc is still there
    program.settle(at)      inside the container: limits, directory, ids
    program.run(at)         capabilities, filter, exec; does not return

After the first the caller enters the container. From then on nothing may be imported,
decoded by a codec not yet loaded, or looked up by name: it would come from the container.
"""

import errno
import os
import resource
import signal

from sampan.linux import caps, keyctl, prctl, process, seccomp
from sampan.runtime import stages
from sampan.runtime.interpreter import interpreter_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    At = Callable[[int, str], None]

# What runc takes when the spec's environment has no PATH (Go's os/exec would take nothing).
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PASSWD_LIMIT = 1 << 20
CAPABILITY_SETS = ("bounding", "effective", "permitted", "inheritable", "ambient")
LAST_CAPABILITY = 63


class Program:
    """An OCI process object, ready to be turned into."""

    __slots__ = (
        "apparmor",
        "args",
        "capabilities",
        "cwd",
        "die_with_parent",
        "env",
        "gid",
        "groups",
        "keyring",
        "no_new_privs",
        "oom_score_adj",
        "rlimits",
        "seccomp",
        "seccomp_flags",
        "selinux",
        "uid",
        "umask",
    )

    def __init__(
        self, spec: "Mapping[str, Any]", *, filter_: bytes = b"", keyring: str = ""
    ) -> None:
        user = spec.get("user") or {}
        self.args: list[str] = list(spec.get("args") or ())
        self.env = dict(
            entry.split("=", 1) for entry in spec.get("env") or () if "=" in entry[1:]
        )
        self.cwd: str = spec.get("cwd") or "/"
        self.uid: int = user.get("uid", 0)
        self.gid: int = user.get("gid", 0)
        self.groups: list[int] = list(user.get("additionalGids") or ())
        self.umask: int | None = user.get("umask")
        self.capabilities = _capability_sets(spec.get("capabilities"))
        self.no_new_privs = bool(spec.get("noNewPrivileges"))
        self.rlimits = [
            (entry["type"], _rlimit_number(entry["type"]), entry["soft"], entry["hard"])
            for entry in spec.get("rlimits") or ()
        ]
        self.oom_score_adj: int | None = spec.get("oomScoreAdj")
        self.apparmor: str = spec.get("apparmorProfile") or ""
        self.selinux: str = spec.get("selinuxLabel") or ""
        self.seccomp = filter_
        self.seccomp_flags = 0
        self.keyring = keyring
        self.die_with_parent = True

    def prepare(self, at: "At") -> None:
        """Do what needs the host's /proc: out-of-memory score, security labels, keyring."""
        at(stages.RLIMITS, "oom_score_adj")
        if self.oom_score_adj is not None:
            _write("/proc/self/oom_score_adj", str(self.oom_score_adj))
        at(stages.LABELS, self.apparmor or self.selinux)
        if self.apparmor and os.path.exists("/sys/kernel/security/apparmor"):
            _write(_apparmor_file(), f"exec {self.apparmor}")
        elif self.selinux and os.path.exists("/sys/fs/selinux/enforce"):
            _write("/proc/self/attr/exec", self.selinux)
        if self.keyring:
            at(stages.NAMESPACES, "session keyring")
            try:
                keyctl.join_session_keyring(self.keyring)
            except OSError as error:
                # A kernel without keys has none to protect.
                if error.errno != errno.ENOSYS:
                    raise

    def settle(self, at: "At") -> None:
        """Become who the program is to be, but for what would hinder us to start it."""
        for name, kind, soft, hard in self.rlimits:
            at(stages.RLIMITS, f"{name} to {soft}:{hard}")
            resource.setrlimit(kind, (_limit(soft), _limit(hard)))
        at(stages.USER, "")
        self.env.setdefault("HOME", home_of(self.uid))
        _own_standard_streams(self.uid)
        if self.umask is not None:
            os.umask(self.umask)
        else:
            os.umask(0o022)
        at(stages.CWD, self.cwd)
        inside = self._try_chdir()
        self._take_ids(at)
        if not inside:
            at(stages.CWD, self.cwd)
            os.chdir(self.cwd)
        at(stages.CWD, self.cwd)
        _verify_cwd()

    def run(self, at: "At") -> None:
        """Turn this process into the program; returns by raising only."""
        self._restrict(at)
        at(stages.EXEC, self.args[0])
        self._exec(at)

    def _try_chdir(self) -> bool:
        try:
            os.chdir(self.cwd)
        except PermissionError:
            # The user may be allowed where root is not (NFS, root_squash).
            return False
        return True

    def _take_ids(self, at: "At") -> None:
        at(stages.CAPABILITIES, "bounding")
        bounding = self.capabilities["bounding"]
        for number in range(LAST_CAPABILITY + 1):
            if bounding >> number & 1:
                continue
            try:
                prctl.capbset_drop(number)
            except OSError as error:
                if error.errno == errno.EINVAL:
                    break
                raise
        at(stages.USER, f"{self.uid}:{self.gid}")
        prctl.set_keepcaps(keep=True)
        os.setgroups(self.groups)
        os.setresgid(self.gid, self.gid, self.gid)
        os.setresuid(self.uid, self.uid, self.uid)
        prctl.set_keepcaps(keep=False)

    def _restrict(self, at: "At") -> None:
        """Drop to the final capabilities and load the filter.

        Without no_new_privs loading needs CAP_SYS_ADMIN, so the drop comes last; the other
        way round the filter need not allow anything but execve.
        """
        at(stages.CAPABILITIES, "")
        held = caps.capget()[1]
        # What we lack ourselves cannot be given (a privileged container in a confined host).
        effective = self.capabilities["effective"] & held
        permitted = self.capabilities["permitted"] & held
        inheritable = self.capabilities["inheritable"] & held
        needs_admin = bool(self.seccomp) and not self.no_new_privs
        extra = 1 << caps.SYS_ADMIN & held if needs_admin else 0
        caps.capset(effective | extra, permitted | extra, inheritable)
        prctl.cap_ambient_clear_all()
        ambient = self.capabilities["ambient"] & inheritable & permitted
        for number in range(LAST_CAPABILITY + 1):
            if ambient >> number & 1:
                prctl.cap_ambient_raise(number)
        # A change of ids or capabilities clears it (prctl(2)), hence here.
        if self.die_with_parent:
            prctl.set_pdeathsig(signal.SIGKILL)
        if self.no_new_privs:
            prctl.set_no_new_privs()
        at(stages.SECCOMP, "")
        if self.seccomp:
            seccomp.set_mode_filter(self.seccomp, self.seccomp_flags)
        if extra:
            at(stages.CAPABILITIES, "")
            caps.capset(effective, permitted, inheritable)

    def _exec(self, at: "At") -> None:
        process.close_range(3, cloexec=True)
        name = self.args[0]
        if "/" in name:
            self._exec_one(name, at)
        refused: OSError | None = None
        for directory in self.env.get("PATH", DEFAULT_PATH).split(":"):
            candidate = f"{directory or '.'}/{name}"
            try:
                self._exec_one(candidate, at)
            except (FileNotFoundError, NotADirectoryError):
                if os.path.lexists(candidate) and os.path.isfile(candidate):
                    raise
            except PermissionError as error:
                if os.path.isfile(candidate):
                    refused = error
        at(stages.EXEC, name)
        raise refused or FileNotFoundError(errno.ENOENT, "", name)

    def _exec_one(self, path: str, at: "At") -> None:
        try:
            os.execve(path, self.args, self.env)
        except FileNotFoundError:
            if os.path.exists(path):
                at(stages.EXEC, f"{path}\0{interpreter_of(path)}")
            raise
        except PermissionError:
            if os.path.isdir(path):
                raise OSError(errno.EISDIR, "", path) from None
            raise


def home_of(uid: int) -> str:
    """Home directory of a user by the container's own /etc/passwd, "/" when it has none.

    Read as bytes and by hand: NSS would load modules of the container.
    """
    try:
        fd = os.open("/etc/passwd", os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return "/"
    try:
        content = os.read(fd, PASSWD_LIMIT)
    except OSError:
        return "/"
    finally:
        os.close(fd)
    wanted = str(uid).encode()
    for line in content.split(b"\n"):
        fields = line.split(b":")
        if len(fields) > 5 and fields[2] == wanted:
            return os.fsdecode(fields[5]) or "/"
    return "/"


def _verify_cwd() -> None:
    """Refuse a working directory outside of the root (CVE-2024-21626).

    getcwd(2) says "(unreachable)" for one, which libc turns into ENOENT.
    """
    if not os.getcwd().startswith("/"):
        raise OSError(errno.ENOENT, "is outside of the container")


def _own_standard_streams(uid: int) -> None:
    """Let the user open /dev/stdout and friends again; they are pipes made by root."""
    if not uid:
        return
    for fd in (0, 1, 2):
        found = os.fstat(fd)
        # /dev/null belongs to everyone.
        if found.st_uid == uid or found.st_rdev == os.makedev(1, 3):
            continue
        try:
            os.fchown(fd, uid, -1)
        except OSError as error:
            if error.errno not in {errno.EINVAL, errno.EPERM, errno.EROFS}:
                raise


def _capability_sets(spec: "Mapping[str, Any] | None") -> dict[str, int]:
    sets = spec or {}
    # Names from newer kernels than ours are left out, as runc does since 1.1.
    return {
        name: caps.bits(cap for cap in sets.get(name) or () if cap in caps.NUMBERS)
        for name in CAPABILITY_SETS
    }


def _rlimit_number(name: str) -> int:
    number = getattr(resource, name, None)
    if number is None:
        raise ValueError(f"invalid rlimit type: {name}")
    return int(number)


def _limit(value: int) -> int:
    return resource.RLIM_INFINITY if value < 0 or value >= 1 << 63 else value


def _apparmor_file() -> str:
    # The file of its own since 5.8; the shared one may belong to another security module.
    own = "/proc/self/attr/apparmor/exec"
    return own if os.path.exists(own) else "/proc/self/attr/exec"


def _write(path: str, text: str) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)
