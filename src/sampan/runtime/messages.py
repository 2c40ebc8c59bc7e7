"""Every message between daemon, launcher and monitor, and every file they hand each other.

Transport: AF_UNIX SOCK_SEQPACKET, one JSON object per packet (at most 64 KiB), descriptors
beside it as SCM_RIGHTS. Bulk (specs) goes through files of the task directory, never
through a packet. `op` names the message. Nothing here imports more than it must: the
launcher and every monitor carry this module.

daemon -> launcher (one socketpair for the launcher's life)
    create   {op, dir}         fds [control]   fork a monitor for the task directory `dir`
    exec     {op, dir}         fds [control, pidfd of the container's init]
                                               fork an exec monitor for exec directory `dir`
    The launcher answers nothing; the monitor, forked ahead of need, speaks on `control`. When
    the daemon's end closes, the launcher exits; monitors live on.

monitor -> daemon (on `control`; also to whoever connects to monitor.sock, which first gets `state`)
    created  {op, pid}         fds [pidfd]     namespaces exist, the cgroup is joined; the network
                                               may be set up now, while the root is being mounted
    ready    {op}                              root is built; waiting for `start`
    started  {op, at}                          the program runs (execve succeeded)
    failed   {op, stage, errno, message, exit_code}   it will not run; the monitor is leaving.
                                               exit_code as Docker has it: 125/126/127/128
    exited   {op, exit_code, oom, at}          the program ended, its output is drained and logged,
                                               the exit record is on disk
    state    {op, status, pid, started_at, exit_code, oom, at}  fds [pidfd] while alive

daemon -> monitor (on `control`, or a later connection to monitor.sock)
    start    {op}
    attach   {op, stdin, stdout, stderr}   fds [stream]   a stream socket that the monitor serves
    signal   {op, signal}                      to the container's first process
    resize   {op, rows, cols}                  tty only
    close    {op}                              close the container's stdin
    forget   {op}                              the exit is booked. The monitor does not wait for
                                               it: the exit record is on disk before `exited`, and
                                               it leaves once every attached reader is drained, so
                                               that this may meet a closed socket

Streams (`attach`): bytes written by the daemon go to the program's stdin; shutdown(SHUT_WR)
closes stdin (when the task has stdin_once; otherwise only that reader's share of it). What the
monitor writes is Docker's wire format as it is: with a tty raw bytes, without one frames of
8 bytes head (stream 1 or 2, three zeros, big-endian length) and payload. The monitor shuts its
side down when the program has ended and all its output was passed on. Times (`at`) are RFC 3339
with nanoseconds, UTC, as text.

Before `start`, losing `control` means the daemon died in the middle of a start: the monitor
kills what it made and leaves. After `start` it does not matter.

task.json
    id            container id
    terminal      bool
    rows, cols    first size of the tty, or 0
    open_stdin    keep stdin open while nobody is attached
    stdin_once    close stdin when the first attached client ends its side
    rootfs        [{type, source, target, options}]  mount calls that make the root directory,
                  in order, done inside the container's mount namespace; [] means spec.root.path
                  is ready as it stands. target is "" for the root itself
    cgroup        {driver paths as sampan.cgroup gives them: opaque here}
    seccomp       path of the compiled filter, or ""
    log           {driver: json-file|local|none, path, max_size (bytes, -1 no limit), max_file,
                   compress, attrs}
    init          path of the tini binary to put in front of the program, or ""
    hooks_net     bool: wait for `start` before touching anything that needs the network
    runtime       "" for ours, else the path of an OCI runtime command and its arguments
    chowns        reserved for user namespaces
exec/<id>/process.json
    an OCI `process` object, and beside it: id, open_stdin, seccomp, privileged, cgroup, rows, cols
exit.json
    {exit_code, oom, at, pid, started_at}
"""

MAX_PACKET = 65536

CREATE = "create"
EXEC = "exec"
CREATED = "created"
READY = "ready"
STARTED = "started"
FAILED = "failed"
EXITED = "exited"
STATE = "state"
START = "start"
ATTACH = "attach"
SIGNAL = "signal"
RESIZE = "resize"
CLOSE = "close"
FORGET = "forget"
