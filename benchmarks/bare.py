"""A bare httpx client for comparison: the same questions, and nothing is scored or kept.

    python benchmarks/bare.py threads|async|client URL q.jsonl IN_FLIGHT

``threads``: a `httpx.Client` of one connection in each of so many threads. ``async``: one
`httpx.AsyncClient`. ``client``: the plugin's own client in as many threads. The last line is
JSON: seconds, and CPU milliseconds a request of the asking alone, start and imports left out.
"""

from __future__ import annotations

import asyncio
import json
import queue
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

PROMPT = """\
Answer the following question. Think about it first. The last line of your reply must be of the
form "ANSWER: X", where X is the letter of the right option and nothing else.

{question}

{choices}
"""


def prompt(row: dict[str, Any]) -> str:
    """What is asked."""
    letters = zip("ABCDEF", row["choices"], strict=False)
    options = "\n".join(f"{letter}. {text}" for letter, text in letters)
    return PROMPT.format(question=row["question"], choices=options)


def body(row: dict[str, Any]) -> bytes:
    """A request as large as the plugin's."""
    message = {"role": "user", "content": prompt(row)}
    return json.dumps(
        {"model": "m", "messages": [message], "temperature": 0.0, "max_tokens": 4096}
    ).encode()


def ask_in_threads(url: str, rows: Sequence[dict[str, Any]], in_flight: int) -> None:
    """A thread and a connection for each request in flight."""

    def connect() -> tuple[Callable[[bytes], object], Callable[[], None]]:
        client = httpx.Client(verify=False, limits=httpx.Limits(max_connections=1), timeout=60)

        def send(data: bytes) -> object:
            return client.post(url, content=data).json()["choices"][0]

        return send, client.close

    in_lanes(connect, [body(row) for row in rows], in_flight)


def ask_client(url: str, rows: Sequence[dict[str, Any]], in_flight: int) -> None:
    """The plugin's own client, with nothing of the plugin around it."""
    from pytest_iqeval.core.request import Key, Message, Request
    from pytest_iqeval.core.settings import make_settings
    from pytest_iqeval.run.source import ask_endpoint

    settings = make_settings({"model": "m", "base-url": url.removesuffix("/chat/completions")})
    transports = ask_endpoint(settings, {}, Path.cwd()).transports
    assert transports is not None

    def connect() -> tuple[Callable[[Request], object], Callable[[], None]]:
        transport = transports()
        return transport.send, transport.close

    requests = [
        Request(
            key=Key("q", "default", row["id"]),
            messages=(Message(role="user", content=prompt(row)),),
        )
        for row in rows
    ]
    in_lanes(connect, requests, in_flight)


def in_lanes(
    connect: Callable[[], tuple[Callable[[Any], object], Callable[[], None]]],
    work: Sequence[Any],
    in_flight: int,
) -> None:
    """Do all the work in so many threads, each with a connection of its own."""
    left: queue.SimpleQueue[Any] = queue.SimpleQueue()
    for one in work:
        left.put(one)

    def lane() -> None:
        send, close = connect()
        while (one := left.get()) is not None:
            send(one)
        close()

    threads = [threading.Thread(target=lane) for _ in range(in_flight)]
    for thread in threads:
        left.put(None)
        thread.start()
    for thread in threads:
        thread.join()


def ask_async(url: str, rows: Sequence[dict[str, Any]], in_flight: int) -> None:
    """One client for all."""

    async def everything() -> None:
        limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
        turn = asyncio.Semaphore(in_flight)
        async with httpx.AsyncClient(verify=False, limits=limits, timeout=60) as client:

            async def one(data: bytes) -> None:
                async with turn:
                    reply = await client.post(url, content=data)
                    assert reply.json()["choices"]

            await asyncio.gather(*(one(body(row)) for row in rows))

    asyncio.run(everything())


WAYS = {"threads": ask_in_threads, "async": ask_async, "client": ask_client}


def main() -> None:
    """Ask everything, and say what it cost."""
    way, url, file, in_flight = sys.argv[1:]
    rows = [json.loads(line) for line in Path(file).read_text("utf-8").splitlines()]
    started, cpu = time.perf_counter(), time.process_time()
    WAYS[way](f"{url}/chat/completions", rows, int(in_flight))
    cost = {
        "wall_s": time.perf_counter() - started,
        "cpu_ms": (time.process_time() - cpu) / len(rows) * 1000,
    }
    print(json.dumps(cost))


if __name__ == "__main__":
    main()
