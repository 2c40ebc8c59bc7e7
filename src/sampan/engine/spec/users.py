"""Who a container's program runs as: `--user` resolved with the image's own passwd and group.

Pure: the texts of the two files are given. They come from the image and are not trusted; a
line that does not parse is passed over, as libc does.
"""

from typing import NamedTuple

from sampan.errors import InvalidRequest

HIGHEST = 2**31 - 1


class User(NamedTuple):
    """A resolved user."""

    uid: int
    gid: int
    groups: list[int]
    home: str


class _Account(NamedTuple):
    name: str
    uid: int
    gid: int
    home: str


class _Group(NamedTuple):
    name: str
    gid: int
    members: list[str]


def resolve(user: str, passwd: str, group: str, add: list[str] | None = None) -> User:
    """Resolve "", "name", "uid", "name:group" or "uid:gid", and the groups of `--group-add`."""
    wanted, separator, wanted_group = user.partition(":")
    accounts, groups = _accounts(passwd), _groups(group)
    account = _find_account(wanted or "0", accounts)
    gid = account.gid
    supplementary: list[int] = []
    if separator and wanted_group:
        gid = _find_group(wanted_group, groups)
    elif account.name:
        supplementary = [each.gid for each in groups if account.name in each.members]
    for name in add or ():
        try:
            supplementary.append(_find_group(name, groups))
        except InvalidRequest as error:
            raise InvalidRequest(f"Unable to find group {name}") from error
    return User(account.uid, gid, list(dict.fromkeys(supplementary)), account.home or "/")


def _find_account(wanted: str, accounts: list[_Account]) -> _Account:
    for account in accounts:
        if account.name == wanted:
            return account
    number = _number(wanted)
    if number is None:
        raise InvalidRequest(f"unable to find user {wanted}: no matching entries in passwd file")
    for account in accounts:
        if account.uid == number:
            return account
    return _Account("", number, 0, "/root" if number == 0 else "/")


def _find_group(wanted: str, groups: list[_Group]) -> int:
    for group in groups:
        if group.name == wanted:
            return group.gid
    number = _number(wanted)
    if number is None:
        raise InvalidRequest(f"unable to find group {wanted}: no matching entries in group file")
    return number


def _number(text: str) -> int | None:
    """Read an id; None when the text is a name."""
    if not (text.isascii() and text.removeprefix("-").isdigit()):
        return None
    number = int(text)
    if not 0 <= number <= HIGHEST:
        raise InvalidRequest(f"uids and gids must be in range 0-{HIGHEST}")
    return number


def _accounts(passwd: str) -> list[_Account]:
    found = []
    for line in passwd.splitlines():
        fields = line.strip().split(":")
        if len(fields) >= 6 and fields[2].isdecimal() and fields[3].isdecimal():
            found.append(_Account(fields[0], int(fields[2]), int(fields[3]), fields[5]))
    return found


def _groups(group: str) -> list[_Group]:
    found = []
    for line in group.splitlines():
        fields = line.strip().split(":")
        if len(fields) >= 3 and fields[2].isdecimal():
            members = fields[3].split(",") if len(fields) > 3 else []
            found.append(_Group(fields[0], int(fields[2]), members))
    return found
