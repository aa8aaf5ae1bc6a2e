"""The settings of the endpoint reach the wire."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.core.settings import make_settings
from pytest_iqeval.run.source import ask_endpoint, limits_of
from tests.support.asking import question
from tests.support.endpoint import chunk, live


@pytest.fixture
def lane(endpoint, tmp_path):
    """Makes the transport of a run with these options; closed at the end."""
    made = []

    def make(**options):
        values = {"model": "m", "base-url": endpoint.url, **options}
        source = ask_endpoint(make_settings(values), {}, tmp_path)
        assert source.transports is not None
        made.append(source.transports())
        return made[-1]

    yield make
    for transport in made:
        transport.close()


def test_stream_has_replies_streamed(endpoint, lane):
    endpoint.script(live(chunk({"content": "B"}, "stop")))
    reply = lane(stream=True).send(question())
    assert endpoint.requests[0].body["stream"] is True
    assert reply.text == "B"
    assert reply.timing.first_token_s is not None


def test_a_reply_longer_than_the_limit_is_none(lane):
    with pytest.raises(NoReply, match="longer than 1e-05 MB") as caught:
        lane(**{"max-reply-bytes": "10"}).send(question())
    assert caught.value.hint == "--iqeval-max-reply-bytes takes longer ones"


def test_every_limit_comes_from_its_option():
    limits = limits_of(
        make_settings(
            {
                "model": "m",
                "timeout": "1",
                "connect-timeout": "2",
                "first-byte-timeout": "3",
                "max-reply-bytes": "4",
            }
        )
    )
    assert (limits.timeout_s, limits.connect_timeout_s) == (1, 2)
    assert (limits.first_byte_timeout_s, limits.max_reply_bytes) == (3, 4)
