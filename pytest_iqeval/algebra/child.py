"""The child process of the scorer `math`: compares expressions with math-verify, one at a time.

Run as a file. It reads a JSON list ``[answer, target, seconds]`` a line from standard input and
writes ``true`` or ``false`` a line to what was its standard output, after a first line ``"ready"``
(or ``{"failed": why}``). It ends when its standard input does. It imports nothing of this package.

What it compares was written by a model, so it is held tight:

- LaTeX is parsed by a grammar; sympy's parser of Python text, which evaluates and by which the
  grammar's numbers go, is held to numbers and symbols;
- opening a file to write, starting a program and using the network are refused;
- memory is limited where the system can (`resource`), and so is the time of one comparison: an
  alarm of the system's ends the process, even inside one long multiplication. It counts the
  time that the processor worked on it, so that a busy machine changes no verdict.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import re
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

_MEMORY_BYTES = 1 << 30  # on top of what the loaded library takes
_PATIENCE = 5  # the clock may run so many times longer; the parent's patience ends before
_REFUSED = (
    *("os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.kill"),
    *("subprocess.Popen", "socket.", "ctypes.", "os.remove", "os.rename", "os.rmdir", "os.mkdir"),
    *("os.symlink", "os.link", "os.truncate", "os.chmod", "os.putenv", "shutil.", "urllib."),
)
# The code of numbers and symbols, or one name: no attribute and no other call, so no harm.
_HARMLESS_CODE = re.compile(
    r"[A-Za-z]\w{0,30}"
    r"|(?:(?:Integer|Float|Rational|Symbol)(?!\w)|'[\w.+-]{0,200}'|\d{1,200}|[-+*/(), ])*"
)
# Compared before anything is asked: sympy loads half of itself at such a first use.
_WARM_UP = (("1", r"\frac{2}{2}"), ("(x+1)^2", "x^2+2x+1"), (r"\frac{\sin x}{\cos x}", r"\tan x"))


def main() -> None:
    """Answer comparisons until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's: it may still compare
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    try:
        equal = _library()
        if not all(equal(*pair) for pair in _WARM_UP):
            raise ValueError("math-verify does not compare as it should")
        _limit_memory()
        sys.addaudithook(_guard)
    except Exception as error:  # the parent tells it
        _say(answers, {"failed": f"{type(error).__name__}: {error}"})
        os._exit(1)
    _say(answers, "ready")
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(lines,), daemon=True).start()
    while True:
        answer, target, seconds = json.loads(lines.get())
        _alarm(seconds)
        same = equal(answer, target)
        _alarm(0)
        _say(answers, same)


def _listen(lines: queue.SimpleQueue[str]) -> None:
    """Pass lines on; end the process with them, whatever is being compared."""
    for line in sys.stdin:
        lines.put(line)
    os._exit(0)


def _say(answers: TextIO, what: object) -> None:
    print(json.dumps(what), file=answers, flush=True)


def _alarm(seconds: float) -> None:
    """End this process after `seconds` of work; 0 takes it back. No Python runs for it."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)
        # For one that waits for memory, say, and whose parent is gone.
        signal.setitimer(signal.ITIMER_REAL, seconds * _PATIENCE)


def _library() -> Callable[[str, str], bool]:
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    sys.set_int_max_str_digits(100_000)
    from math_verify import LatexExtractionConfig, parse, verify
    from sympy.parsing import sympy_parser

    sympy_parser.eval_expr = _harmless_only(sympy_parser.eval_expr)
    how = [LatexExtractionConfig()]

    def equal(answer: str, target: str) -> bool:
        said, meant = (parse(f"${text}$", how, parsing_timeout=None) for text in (answer, target))
        return bool(
            verify(
                meant, said, timeout_seconds=None, float_rounding=12, allow_set_relation_comp=True
            )
        )

    return equal


def _harmless_only(evaluate: Callable[..., object]) -> Callable[..., object]:
    """sympy's ``eval_expr`` for code that makes numbers and symbols, and nothing else."""

    def eval_expr(code: str, *scopes: object) -> object:
        if not _HARMLESS_CODE.fullmatch(code.strip()):
            raise ValueError("text is not evaluated here")
        return evaluate(code, *scopes)

    return eval_expr


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    limit = _MEMORY_BYTES + _mapped_bytes()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):  # macOS knows the name and refuses the limit
        return


def _mapped_bytes() -> int:
    """The address space in use now; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[0]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _guard(event: str, args: tuple[object, ...]) -> None:
    """An audit hook: nothing here has a reason to touch the system."""
    if event.startswith(_REFUSED):
        raise PermissionError(f"{event} is refused here")
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        raise PermissionError("opening a file to write is refused here")


if __name__ == "__main__":
    main()
