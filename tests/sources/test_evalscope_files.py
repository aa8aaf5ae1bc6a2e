"""Files written for EvalScope load as they stand; the texts lie beside the checkout, if at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_iqeval.core.definition import Benchmark
from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.tasks.chat import chat_request
from pytest_iqeval.sources.catalogue import load
from tests.support.questions import SCORERS
from tests.support.shared import shared_data


def loaded(name: str) -> Benchmark:
    path = shared_data(f"evalscope_custom_examples/{name}")
    return load(str(path), data_dir=None, start=Path("/"), scorers=SCORERS).benchmark


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("mcq_example_val.jsonl", 12),
        ("mcq_example_val.csv", 12),
        ("mcq_example_dev.jsonl", 2),
        ("mcq_example_dev.csv", 2),
    ],
)
def test_multiple_choice_files_load(name: str, rows: int) -> None:
    read = loaded(name)
    assert (read.definition.scorer, read.definition.language) == ("choice", "zh")
    assert len(read.samples) == rows
    assert {one.labels for one in read.samples} == {("A", "B", "C", "D")}
    assert all(one.target in one.labels for one in read.samples)


def test_jsonl_and_csv_of_one_set_are_the_same_questions() -> None:
    one, other = loaded("mcq_example_val.jsonl"), loaded("mcq_example_val.csv")
    assert [s.node_id for s in one.samples] == [s.node_id for s in other.samples]
    assert [s.target for s in one.samples] == [s.target for s in other.samples]


def test_lists_of_letters_make_several_answers() -> None:
    read = loaded("mcq_example_multi_val.jsonl")
    assert read.definition.scorer == "multi_choice"
    assert [one.target for one in read.samples][:3] == ["AC", "AC", "ACD"]


def test_questions_and_responses_load_with_their_system_messages() -> None:
    """One row has a system column, another writes its question as chat messages."""
    read = loaded("qa_example.jsonl")
    assert (read.definition.scorer, read.definition.scorer_options) == ("f1", {"threshold": 0.5})
    assert len(read.samples) == 13
    roles = [
        [message.role for message in chat_request(read.definition, one, "free").messages]
        for one in read.samples
    ]
    assert roles[:4] == [["system", "user"], ["user"], ["system", "user"], ["user"]]
    assert read.samples[2].target.startswith("是")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("fc_example.jsonl", "a function-calling set"),
        ("rerank_example.jsonl", "a reranking set"),
        ("retrieval_corpus.jsonl", "the queries or the documents of a retrieval set"),
        ("retrieval_queries.jsonl", "the queries or the documents of a retrieval set"),
        ("retrieval_qrels.jsonl", "the relevance judgements of a retrieval set"),
        ("qa_arena.jsonl", "answer: no column looks like it"),
    ],
)
def test_what_is_no_set_of_questions_with_answers_is_refused_in_a_sentence(
    name: str, what: str
) -> None:
    with pytest.raises(DefinitionError) as caught:
        loaded(name)
    (problem,) = caught.value.problems
    assert f"{name}: " in problem
    assert what in problem


def test_the_whole_folder_is_one_benchmark_with_its_examples() -> None:
    """Of JSONL and CSV of one name the first is read; the other kinds of files are let be."""
    read = loaded("")
    assert read.subsets == ("mcq_example", "mcq_example_multi")
    assert len(read.samples) == 22
    assert {name: len(examples) for name, examples in read.dev.items()} == {"mcq_example": 2}
    # One benchmark is asked in one way: here options may be right together.
    assert read.definition.scorer == "multi_choice"


def test_the_examples_beside_a_file_are_its_own() -> None:
    read = loaded("mcq_example_val.jsonl")
    assert (read.definition.scorer, len(read.dev["default"])) == ("choice", 2)
