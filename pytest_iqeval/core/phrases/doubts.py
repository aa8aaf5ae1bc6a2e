"""What may be amiss with a benchmark that can be asked all the same."""

from __future__ import annotations

from pytest_iqeval.core.told import Phrase, Told

SKEWED = Phrase(
    "{share} of the answers are {label} ({count} of {of}): who always says {label} looks good; "
    "put the options in another order (`shuffle: true` does)",
    "{share} 的答案是 {label}（{of} 题中 {count} 题）：一律答 {label} 也能得高分；"
    "请打乱选项顺序（如 `shuffle: true`）",
)
REPEATED = Phrase(
    "{count} questions stand there more than once: {examples}",
    "{count} 道题重复出现：{examples}",
    one="1 question stands there more than once: {examples}",
)
CONTRADICTED = Phrase(
    "{count} questions stand there with different answers: {examples}",
    "{count} 道题出现多次而答案不同：{examples}",
    one="1 question stands there with different answers: {examples}",
)
NO_OPTIONS = Told(
    "the prompt does not show {options}, though the questions have some",
    "题目有选项，但 prompt 没有 {options}",
)
LEAKED = Phrase(
    "{count} examples are questions too, so that their answers are shown: {examples}",
    "{count} 个示例同时也是题目，答案因此泄露：{examples}",
    one="1 example is a question too, so that its answer is shown: {examples}",
)
LONG_OPTIONS = Phrase(
    "{count} questions have an option of more than {most} characters: {examples}",
    "{count} 道题有超过 {most} 字的选项：{examples}",
    one="1 question has an option of more than {most} characters: {examples}",
)
NO_IDS = Phrase(
    "{count} of {of} questions have no id of their own: an edited text is then another question "
    "(give each row an `id`)",
    "{of} 题中 {count} 题没有自己的 id：文字一改就成了另一道题（请给每行加上 `id`）",
    one="1 of {of} questions has no id of its own: an edited text is then another question "
    "(give each row an `id`)",
)
FEW = Phrase(
    "{count} questions show little: a score of 80% has an interval of {width} points either way",
    "{count} 道题说明不了多少：80% 的得分，区间约为上下 {width} 个百分点",
    one="1 question shows nothing",
)
MORE = Phrase("{examples} and {count} more", "{examples} 等，另有 {count} 处")
