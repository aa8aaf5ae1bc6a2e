"""One program in the sandbox: a process with the code, another with the test, and the verdict."""

from __future__ import annotations

import contextlib
import json
import math
import os
import selectors
import signal
import time
from collections.abc import Iterator, Mapping
from typing import Any

from pytest_iqeval.core.errors import ScorerCrash
from pytest_iqeval.core.program import Program, ProgramVerdict
from pytest_iqeval.sandbox.confinement import find_confinement
from pytest_iqeval.sandbox.launch import Bounds, How, Worker, start

WALL = 3
"""Times the limit that a program may take by the clock: a busy machine changes no verdict."""
_START_S = 60.0
_HANGS_UP_S = 2.0
_MOST_SAID = 1 << 16  # bytes that are taken of a verdict
_SHOWN = 200  # code points of a line of the test
_ENDINGS = ("passed", "failed", "lost", "unloaded", "fault")


class ProcessSandbox:
    """Runs programs, each in two fresh processes that are gone when its verdict is there.

    `timeout_s` are seconds of the processor's time; by the clock it may be `WALL` times that.
    """

    def __init__(self, *, timeout_s: float, memory_bytes: int, how: How | None = None) -> None:
        """:param how: in which way; ``None``: the strictest that works here."""
        self._how = how
        self._timeout_s = timeout_s
        self._bounds = Bounds(cpu_s=math.ceil(timeout_s), memory_bytes=memory_bytes)

    def run(self, program: Program) -> ProgramVerdict:
        """Whether the program passes its test.

        :raises ScorerCrash: the sandbox broke down, or the test itself is at fault.
        """
        try:
            with _Pipes() as pipes:
                answer, examine = self._start(program, pipes)
                try:
                    verdict = self._hear(pipes.verdict[0], answer, examine)
                    if "lost" in verdict:  # it is at its end, if it has not only hung up
                        answer.wait(_HANGS_UP_S)
                finally:
                    answer.end()
                    examine.end()
        except OSError as error:
            raise ScorerCrash(f"the sandbox can't start a process: {error.strerror}") from None
        _check_confined(answer, examine)
        for worker in (answer, examine):  # said before a line of the code or the test runs
            if worker.told("ready") is None:
                raise ScorerCrash("a process of the sandbox did not start")
        return self._tested(program, verdict, answer, examine)

    def _start(self, program: Program, pipes: _Pipes) -> tuple[Worker, Worker]:
        how = self._how or find_confinement().how
        both = {"prompt": program.prompt, "entry_point": program.entry_point}
        answer = start(
            "answer",
            {**both, "code": program.code, "whole": program.whole},
            how=how,
            bounds=self._bounds,
            handles={"calls": pipes.calls[0], "answers": pipes.answers[1]},
        )
        try:
            examine = start(
                "examine",
                {**both, "test": program.test},
                how=how,
                bounds=self._bounds,
                handles={
                    "calls": pipes.calls[1],
                    "answers": pipes.answers[0],
                    "verdict": pipes.verdict[1],
                },
            )
        except BaseException:
            answer.end()
            raise
        pipes.handed_over()
        return answer, examine

    def _hear(self, handle: int, answer: Worker, examine: Worker) -> dict[str, Any]:
        """What the process with the test says; ``{}`` if it ends without, ``late`` if it does not.

        :raises ScorerCrash: one of the two could not be confined.
        """
        heard = bytearray()
        deadline, running = time.monotonic() + _START_S, False
        with selectors.DefaultSelector() as ready:
            for one in (handle, answer.status, examine.status):
                ready.register(one, selectors.EVENT_READ)
            while (left := deadline - time.monotonic()) > 0:
                for key, _ in ready.select(left):
                    if key.fd != handle:
                        worker = answer if key.fd == answer.status else examine
                        if not worker.hear():
                            ready.unregister(key.fd)
                        continue
                    piece = os.read(handle, 1 << 12)
                    heard += piece
                    said = _messages(bytes(heard))
                    if not piece or len(heard) > _MOST_SAID or _is_over(said):
                        return said
                _check_confined(answer, examine)
                if not running and answer.told("ready") and examine.told("ready"):
                    deadline, running = time.monotonic() + WALL * self._timeout_s, True
        if not running:
            raise ScorerCrash(f"the sandbox was not ready within {_START_S:g} s")
        return {**_messages(bytes(heard)), "late": True}

    def _tested(
        self, program: Program, said: Mapping[str, Any], answer: Worker, examine: Worker
    ) -> ProgramVerdict:
        """The verdict in words.

        :raises ScorerCrash: nobody can tell, or the test is at fault.
        """
        if said.get("passed") is True:
            return ProgramVerdict(passed=True)
        if "fault" in said:
            raise ScorerCrash(f"the test can't be run: {said['fault']}")
        if "failed" in said:
            return ProgramVerdict(passed=False, why=_why_failed(program, said))
        if "unloaded" in said:
            return ProgramVerdict(passed=False, why=_why_unloaded(program, said["unloaded"]))
        if "lost" in said:
            return ProgramVerdict(passed=False, why=self._why_ended(answer, str(said["lost"])))
        if "late" in said:
            wall_s = WALL * self._timeout_s
            if "loaded" in said and "began" not in said:
                raise ScorerCrash(
                    f"the test never calls {program.entry_point}, and took longer than {wall_s:g} s"
                )
            return ProgramVerdict(
                passed=False, why=f"it took longer than {wall_s:g} s by the clock"
            )
        if "began" in said:  # comparing what the code gave was too much
            return ProgramVerdict(
                passed=False, why=f"the test broke down over it: {_ending(examine)}"
            )
        raise ScorerCrash(f"the process with the test broke down: {_ending(examine)}")

    def _why_ended(self, answer: Worker, lost: str) -> str:
        if lost != "it ended" and "pipe" not in lost.lower():
            return f"what it gave back can't be read: {lost}"
        code, cpu_s = answer.told("ended"), answer.told("cpu_s") or 0.0
        if answer.told("waited") is False:
            return "it hung up on the test, and ran on"
        over = cpu_s > self._bounds.cpu_s - 0.5 and code in (-signal.SIGKILL, -signal.SIGXCPU)
        if over:
            return f"it took longer than {self._bounds.cpu_s:g} s of processor time"
        return f"its process ended before the test was through: {_ending(answer)}"


class _Pipes:
    """The pipes between the two processes, and the one for the verdict: (read, write) each."""

    def __enter__(self) -> _Pipes:
        self.calls, self.answers, self.verdict = os.pipe(), os.pipe(), os.pipe()
        self._open = {*self.calls, *self.answers, *self.verdict}
        return self

    def handed_over(self) -> None:
        """Close what the two processes now hold, so that the end of one is seen."""
        self._close(self._open - {self.verdict[0]})

    def __exit__(self, *_: object) -> None:
        self._close(set(self._open))

    def _close(self, handles: set[int]) -> None:
        self._open -= handles
        for handle in handles:
            with contextlib.suppress(OSError):
                os.close(handle)


def _messages(heard: bytes) -> dict[str, Any]:
    """All whole lines as one mapping."""
    return {key: value for line in _lines(heard) for key, value in line.items()}


def _lines(heard: bytes) -> Iterator[dict[str, Any]]:
    for line in heard.split(b"\n")[:-1]:
        with contextlib.suppress(ValueError):
            said = json.loads(line)
            if isinstance(said, dict):
                yield said


def _is_over(said: Mapping[str, Any]) -> bool:
    return any(name in said for name in _ENDINGS)


def _check_confined(*workers: Worker) -> None:
    for worker in workers:
        broken = worker.told("broken")
        if broken is not None:
            raise ScorerCrash(f"the sandbox could not be set up: {broken}")


def _why_failed(program: Program, said: Mapping[str, Any]) -> str:
    lines, number = program.test.splitlines(), said.get("line")
    where = ""
    if isinstance(number, int) and 0 < number <= len(lines):
        where = f" in line {number} of the test, {lines[number - 1].strip()[:_SHOWN]}"
    if "raised_in" in said:
        return f"{said['last']}{_in_the_code(said['raised_in'])}{where}"
    return f"{said['failed']}{where}: {said['last']}"


def _why_unloaded(program: Program, unloaded: Any) -> str:
    if unloaded is None:
        return f"it defines no function {program.entry_point}"
    said, line = unloaded
    return f"{said}{_in_the_code(line)}"


def _in_the_code(line: object) -> str:
    """Where in the code; that process may say anything, and not know it."""
    return f" (line {line} of the code)" if isinstance(line, int) else ""


def _ending(worker: Worker) -> str:
    """How a process ended, in words."""
    code = worker.told("ended")
    if not isinstance(code, int):
        return "it does not say how"
    if code >= 0:
        return f"exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"killed by {name}" + (" (memory, perhaps)" if code == -signal.SIGKILL else "")
