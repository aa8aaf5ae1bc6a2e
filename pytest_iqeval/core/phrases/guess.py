"""What was guessed of a data file that comes without a definition."""

from __future__ import annotations

from pytest_iqeval.core.told import Phrase

GUESSED = Phrase("Guessed from the file's columns: {what}.", "按文件的列猜测：{what}。")
FROM = Phrase("{name} from {column}", "{name} 取自 {column}")
LANGUAGE = Phrase("language {language}", "语言 {language}")
SCORER = Phrase("scorer {scorer}", "判分器 {scorer}")
SCORER_WITH = Phrase("scorer {scorer} ({options})", "判分器 {scorer}（{options}）")
ANSWER_KIND = Phrase("answer_kind {kind}", "答案写法 {kind}（answer_kind）")
OF_BENCHMARK = Phrase("{name}: {guessed}", "{name}：{guessed}")
WITH_EXAMPLES = Phrase(
    "{guessed} Examples from {files}, shown with --iqeval-few-shot N.",
    "{guessed}示例取自 {files}，用 --iqeval-few-shot N 显示。",
)
