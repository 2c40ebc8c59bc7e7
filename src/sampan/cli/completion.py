"""Completion scripts for bash, zsh and fish, made from the tables of commands and flags. Pure.

The scripts hold all words there are, so completing starts nothing; names of containers,
images, networks and volumes are asked of the daemon when one is wanted.
"""

from __future__ import annotations

from sampan.cli.flags import BOOL, Flag
from sampan.cli.load import load
from sampan.cli.tree import NOUNS, OTHER, PLAIN, SHORT, Command, find

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

GLOBAL = "--config --debug --host --log-level --tls --tlscacert --tlscert --tlskey --tlsverify"

# What stands in a usage line, and how to ask for names of it.
ASK = {
    "CONTAINER": "ps --all --format '{{.Names}}'",
    "IMAGE": "images --filter dangling=false --format '{{.Repository}}:{{.Tag}}'",
    "NETWORK": "network ls --format '{{.Name}}'",
    "VOLUME": "volume ls --quiet",
}


def script(shell: str) -> str:
    """Return the script for bash, zsh or fish."""
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell]()


def commands() -> Iterator[tuple[str, Command]]:
    """Yield every way to call every command."""
    words = [[top] for top in (*SHORT, *PLAIN)]
    words += [[noun, verb] for noun, (_, verbs) in NOUNS.items() for verb in verbs]
    words += [[noun, verb] for noun, verb in OTHER]
    for path in words:
        found, _ = find(path)
        assert found is not None
        yield " ".join(path), found


def wanted(found: Command) -> str:
    """Return which names a command takes as its first argument, empty for others."""
    usage = load(found.module).USAGE.replace("[OPTIONS]", "").strip()
    first = usage.partition(" ")[0].strip("[]").partition("|")[0]
    for word in ASK:
        if first.startswith(word) or first.endswith(f"_{word}[:TAG"):
            return word
    return "CONTAINER" if found.verb in {"inspect", "cp"} and found.noun != "image" else ""


def flags(found: Command) -> list[Flag]:
    """Return the flags that a command shows."""
    return [flag for flag in load(found.module).FLAGS if not flag.hidden]


def _spelled(flag: Flag) -> list[str]:
    return [f"--{flag.name}", *([f"-{flag.short}"] if flag.short else [])]


def _bash() -> str:
    cases = []
    for path, found in commands():
        words = " ".join(word for flag in flags(found) for word in _spelled(flag))
        valued = "|".join(
            word for flag in flags(found) if flag.kind is not BOOL for word in _spelled(flag)
        )
        cases.append(
            f"    '{path}') flags='{words} --help' valued='{valued}' names={wanted(found)} ;;"
        )
    asks = [f'    {word}) offer=$("$sampan" {ask} 2>/dev/null) ;;' for word, ask in ASK.items()]
    nouns = [f"    '{noun}') offer='{' '.join(verbs)}' ;;" for noun, (_, verbs) in NOUNS.items()]
    tops = " ".join(sorted({*SHORT, *PLAIN, *NOUNS, "help"}))
    return _BASH.format(
        tops=tops,
        flags=GLOBAL,
        nouns="\n".join(nouns),
        cases="\n".join(cases),
        asks="\n".join(asks),
    )


def _zsh() -> str:
    # zsh runs bash's functions once it is told to; one table then serves both.
    return f"#compdef sampan\nautoload -U +X bashcompinit && bashcompinit\n{_bash()}"


def _fish() -> str:
    lines = [_FISH]
    for path, found in commands():
        *before, last = path.split(" ")
        where = f"__sampan_at {' '.join(before)}".rstrip()
        lines.append(f"complete -c sampan -n '{where}' -a {last} -d {_quoted(found.summary)}")
        lines += [_fish_flag(path, flag) for flag in flags(found)]
        if names := wanted(found):
            ask = f"(sampan {ASK[names]} 2>/dev/null)".replace("'", "\\'")
            lines.append(f"complete -c sampan -n '__sampan_in {path}' -a '{ask}'")
    for noun, (summary, _) in NOUNS.items():
        lines.append(f"complete -c sampan -n '__sampan_at' -a {noun} -d {_quoted(summary)}")
    return "\n".join(lines) + "\n"


def _fish_flag(path: str, flag: Flag) -> str:
    short = f" -s {flag.short}" if flag.short else ""
    value = "" if flag.kind is BOOL else " -r"
    text = _quoted(flag.text.partition("\n")[0])
    return f"complete -c sampan -n '__sampan_in {path}' -l {flag.name}{short}{value} -d {text}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_BASH = """# bash completion for sampan
_sampan() {{
  local sampan=${{COMP_WORDS[0]}} current=${{COMP_WORDS[COMP_CWORD]}}
  local previous=${{COMP_WORDS[COMP_CWORD-1]}} found='' offer='' flags='' valued='' names=''
  local at word rest=0
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=${{COMP_WORDS[at]}}
    case $word in
    --host|-H|--config|--log-level|-l|--tlscacert|--tlscert|--tlskey)
      [[ $found ]] || {{ ((at++)); continue; }} ;;
    esac
    [[ $word == -* ]] && continue
    if [[ ! $found ]]; then
      found=$word
    elif [[ $rest == 0 ]] && _sampan_noun "$found"; then
      found="$found $word"; rest=1
    fi
  done
  if [[ ! $found ]]; then
    offer='{tops}'
    [[ $current == -* ]] && offer='{flags}'
  elif [[ $rest == 0 ]] && _sampan_noun "$found"; then
    :
  else
    case $found in
{cases}
    esac
    if [[ $valued && $previous == -* ]] && [[ "|$valued|" == *"|$previous|"* ]]; then
      COMPREPLY=($(compgen -f -- "$current"))
      return
    fi
    if [[ $current == -* ]]; then
      offer=$flags
    else
      case $names in
{asks}
      *) COMPREPLY=($(compgen -f -- "$current")); return ;;
      esac
    fi
  fi
  COMPREPLY=($(compgen -W "$offer" -- "$current"))
}}
_sampan_noun() {{
  case $1 in
{nouns}
    *) return 1 ;;
  esac
}}
complete -F _sampan sampan
"""

_FISH = """# fish completion for sampan
function __sampan_words
    set -l found
    set -l skip 0
    for word in (commandline -opc)[2..]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case --host -H --config --log-level -l --tlscacert --tlscert --tlskey
                set -q found[1]; or set skip 1
            case '-*'
            case '*'
                set -a found $word
        end
    end
    printf '%s\\n' $found
end
function __sampan_at
    set -l found (__sampan_words)
    test "$found" = "$argv"
end
function __sampan_in
    set -l found (__sampan_words)
    set -l count (count $argv)
    test (count $found) -ge $count; and test "$found[1..$count]" = "$argv"
end
complete -c sampan -f"""
