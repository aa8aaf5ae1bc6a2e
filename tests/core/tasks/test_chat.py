from __future__ import annotations

import json

import jsonschema
import pytest

from pytest_iqeval.core.request import Key, Message, Request
from pytest_iqeval.core.tasks.chat import chat_request
from tests.support.questions import definition, sample


def prompt_of(request: Request) -> str:
    return request.messages[-1].content


def test_free_asks_with_the_definitions_own_prompt() -> None:
    own = definition(prompt="[{letters}] {question}\n{options}\n")
    request = chat_request(own, sample(), "free")
    assert request.messages == (
        Message(role="user", content="[A,B,C] What is 1 + 1?\nA) 1\nB) 2\nC) 3\n"),
    )
    assert request.body == {}
    assert request.key == Key("tiny", "IQ", "q", 0)


def test_a_repeat_is_a_request_of_its_own() -> None:
    assert chat_request(definition(), sample(), "free", repeat=2).key == Key("tiny", "IQ", "q", 2)


def test_the_system_message_goes_first_in_every_mode() -> None:
    own = definition(system="You work for {company}.")
    for mode in ("free", "letter", "json"):
        roles = [m.role for m in chat_request(own, sample(), mode).messages]
        assert roles == ["system", "user"]
    assert chat_request(own, sample(), "free").messages[0].content == "You work for {company}."


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "只回复正确选项的字母（A,B,C 之一）"), ("en", "(one of A,B,C)")]
)
def test_letter_asks_with_the_general_prompt_of_the_language(language: str, words: str) -> None:
    own = definition(language=language, prompt="own: {question}")
    asked = prompt_of(chat_request(own, sample(), "letter"))
    assert words in asked
    assert "own:" not in asked
    assert asked.endswith("\nA) 1\nB) 2\nC) 3")


def test_json_asks_for_one_of_the_letters_on_offer() -> None:
    request = chat_request(definition(), sample(choices=("1", "2"), target="B"), "json")
    assert '{"answer": "X"}' in prompt_of(request)
    wanted = request.body["response_format"]
    assert wanted == {
        "type": "json_schema",
        "json_schema": {
            "name": "answer",
            "strict": True,
            "schema": {
                "type": "object",
                "properties": {"answer": {"type": "string", "enum": ["A", "B"]}},
                "required": ["answer"],
                "additionalProperties": False,
            },
        },
    }
    schema = wanted["json_schema"]["schema"]
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"answer": "B"}, schema)
    for wrong in ({"answer": "C"}, {}, {"answer": "A", "why": ""}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def answer_type(scorer: str, **changes: object) -> object:
    """The schema of the answer in JSON mode, checked as one."""
    language = str(changes.pop("language", "en"))
    request = chat_request(definition(scorer=scorer, language=language), sample(**changes), "json")
    wanted = request.body["response_format"]
    assert isinstance(wanted, dict)
    schema = wanted["json_schema"]["schema"]
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema["properties"]["answer"]


@pytest.mark.parametrize(
    ("scorer", "changes", "wanted"),
    [
        ("choice", {"numbered": True}, {"type": "string", "enum": ["1", "2", "3"]}),
        (
            "multi_choice",
            {},
            {"type": "array", "items": {"type": "string", "enum": ["A", "B", "C"]}},
        ),
        ("number", {"choices": ()}, {"type": ["string", "number"]}),
        ("yes_no", {"choices": ()}, {"type": "string", "enum": ["yes", "no"]}),
        ("yes_no", {"choices": (), "language": "zh"}, {"type": "string", "enum": ["是", "否"]}),
        ("math", {"choices": ()}, {"type": "string"}),
        ("own", {"choices": ()}, {"type": "string"}),
    ],
)
def test_json_is_as_narrow_as_the_question(
    scorer: str, changes: dict[str, object], wanted: object
) -> None:
    assert answer_type(scorer, **changes) == wanted


@pytest.mark.parametrize("mode", ["free", "letter", "json"])
def test_digits_are_shown_and_named(mode: str) -> None:
    own = definition(labels="digits")
    asked = prompt_of(chat_request(own, sample(numbered=True), mode))
    assert asked.endswith("\n1) 1\n2) 2\n3) 3")
    assert "the number of the right option" in asked
    assert "one of 1,2,3" in asked


def test_a_question_with_a_system_message_of_its_own_is_asked_with_it() -> None:
    own = definition(system="You are a judge.")
    messages = chat_request(own, sample(system="You are a poet."), "free").messages
    assert [(m.role, m.content) for m in messages][:-1] == [("system", "You are a poet.")]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("mode", ["free", "letter", "json"])
def test_a_free_question_is_asked_without_options(language: str, mode: str) -> None:
    own = definition(language=language, scorer="exact")
    request = chat_request(own, sample(choices=(), target="2"), mode)
    asked = prompt_of(request)
    assert asked.endswith("What is 1 + 1?")
    assert "选项" not in asked
    assert "option" not in asked.lower()
    if mode == "json":
        text = json.dumps(request.body)
        assert '"answer": {"type": "string"}' in text


def test_a_request_survives_the_channel() -> None:
    request = chat_request(definition(), sample(), "json", repeat=1)
    assert Request.from_plain(json.loads(json.dumps(request.to_plain()))) == request
