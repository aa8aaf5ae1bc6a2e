"""CPU that one request costs the client, beside other ways to ask, against one server process.

    python benchmarks/client.py [--questions 2000] [--in-flight 50] [--rounds 3]

Each row is the CPU of this process alone (`time.process_time`), so the server's is not in it; the
rounds take turns, and the median is shown. The broker row is what a run pays: queue, lanes, and
a journal in memory. Needs httpx, which the development extra brings.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
from loopback import ROOT, server

sys.path.insert(0, str(ROOT))  # where the scripted endpoint and the fakes of the tests are

from pytest_iqeval.broker.broker import Broker
from pytest_iqeval.core.request import Key, Message, Request
from pytest_iqeval.core.settings import make_settings
from pytest_iqeval.endpoint.chat import request_body
from pytest_iqeval.endpoint.client import Connector
from pytest_iqeval.endpoint.providers import Endpoint, resolve
from pytest_iqeval.endpoint.watch import Limits
from tests.support.fakes import MemoryJournal

LIMITS = Limits(timeout_s=60)
TEXT = "Which of these is the next number? " + "Think well. " * 30


def requests(count: int) -> list[Request]:
    """As many questions of some 400 characters."""
    message = Message(role="user", content=TEXT)
    return [Request(key=Key("b", "s", f"q-{n}"), messages=(message,)) for n in range(count)]


def by_broker(endpoint: Endpoint, count: int, flight: int) -> None:
    """What a run does."""
    connector = Connector(endpoint, "m", LIMITS)
    left = threading.Semaphore(0)
    with Broker(
        connector.transport, MemoryJournal(), concurrency=flight, retries=0, patience_s=0
    ) as broker:
        for request in requests(count):
            broker.submit(request, lambda _answer: left.release())
        for _ in range(count):
            left.acquire()


def by_transports(endpoint: Endpoint, count: int, flight: int) -> None:
    """Our transports alone, one a thread."""
    connector = Connector(endpoint, "m", LIMITS)

    def ask(some: list[Request]) -> None:
        transport = connector.transport()
        for request in some:
            transport.send(request)
        transport.close()

    all_of_them = requests(count)
    with ThreadPoolExecutor(flight) as pool:
        list(pool.map(ask, [all_of_them[lane::flight] for lane in range(flight)]))


def by_clients(endpoint: Endpoint, count: int, flight: int) -> None:
    """A bare `httpx.Client` a thread."""
    url, tls = endpoint.address("chat/completions"), httpx.create_ssl_context()

    def ask(some: list[Request]) -> None:
        with httpx.Client(trust_env=False, timeout=60, verify=tls) as client:
            for request in some:
                reply = client.post(url, content=request_body(endpoint, "m", request))
                assert reply.json()["choices"][0]["message"]["content"]

    all_of_them = requests(count)
    with ThreadPoolExecutor(flight) as pool:
        list(pool.map(ask, [all_of_them[lane::flight] for lane in range(flight)]))


def by_async_client(endpoint: Endpoint, count: int, flight: int) -> None:
    """One `httpx.AsyncClient` for all."""

    async def ask_all() -> None:
        url, gate = endpoint.address("chat/completions"), asyncio.Semaphore(flight)
        limits = httpx.Limits(max_connections=flight, max_keepalive_connections=flight)
        async with httpx.AsyncClient(trust_env=False, timeout=60, limits=limits) as client:

            async def ask(request: Request) -> None:
                async with gate:
                    reply = await client.post(url, content=request_body(endpoint, "m", request))
                    assert reply.json()["choices"][0]["message"]["content"]

            await asyncio.gather(*(ask(request) for request in requests(count)))

    asyncio.run(ask_all())


ROWS: dict[str, Callable[[Endpoint, int, int], None]] = {
    "ours, with the broker": by_broker,
    "ours, transports alone": by_transports,
    "httpx.Client, one a thread": by_clients,
    "httpx.AsyncClient, one": by_async_client,
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--in-flight", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    count, flight = options.questions, options.in_flight
    print(f"{count} questions, {flight} in flight, median of {options.rounds} rounds")
    print(f"{'CPU of the client, ms a request':34} {'0 ms':>8} {'200 ms':>8}")
    figures: dict[str, list[float]] = {name: [] for name in ROWS}
    for latency_s in (0.0, 0.2):
        with server(latency_s) as url:
            endpoint = resolve(make_settings({"model": "m", "base-url": url}), {})
            rounds: dict[str, list[float]] = {name: [] for name in ROWS}
            for ask in ROWS.values():
                ask(endpoint, flight, flight)  # warm up: imports, lazy tables
            for _ in range(options.rounds):
                for name, ask in ROWS.items():
                    started = time.process_time()
                    ask(endpoint, count, flight)
                    rounds[name].append((time.process_time() - started) / count * 1000)
            for name, values in rounds.items():
                figures[name].append(statistics.median(values))
    for name, (fast, slow) in figures.items():
        print(f"{name:34} {fast:8.2f} {slow:8.2f}")


if __name__ == "__main__":
    main()
