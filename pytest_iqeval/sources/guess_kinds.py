"""Files that hold something else than questions with right answers, known by their columns."""

from __future__ import annotations

from collections.abc import Collection

from pytest_iqeval.core.errors import DefinitionError

_JUDGED = "pytest-iqeval asks questions that have right answers"

# All the columns that tell a kind, in lower case; what such a file holds; what to do.
_OTHERS: tuple[tuple[frozenset[str], str, str], ...] = (
    (
        frozenset({"query-id", "corpus-id"}),
        "the relevance judgements of a retrieval set (which document answers which query)",
        f"{_JUDGED}; it does not judge retrieval",
    ),
    (
        frozenset({"_id", "text"}),
        "the queries or the documents of a retrieval set",
        f"{_JUDGED}; it does not judge retrieval",
    ),
    (
        frozenset({"query", "documents"}),
        "a reranking set (queries, each with documents to put in order)",
        f"{_JUDGED}; it does not judge reranking",
    ),
    *(
        (
            frozenset({column}),
            "a function-calling set (which tool is to be called)",
            f"{_JUDGED}; it does not judge function calling",
        )
        for column in ("tools", "should_call_tool")
    ),
)


def refuse_other_kinds(shown: str, columns: Collection[str]) -> None:
    """Refuse a file that has no questions or no answers since it is of a kind known here.

    :param shown: the file's name in messages.
    :param columns: its columns, in lower case.
    :raises DefinitionError: what it holds instead.
    """
    for telling, what, hint in _OTHERS:
        if telling <= set(columns):
            raise DefinitionError(f"{shown}: is no set of questions, but {what}", hint=hint)
