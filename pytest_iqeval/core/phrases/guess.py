"""What was guessed of a data file that comes without a definition."""

from __future__ import annotations

from pytest_iqeval.core.told import Phrase

GUESSED = Phrase("Guessed from the file's columns: {what}.", "按文件的列猜测：{what}。")
FROM = Phrase("{name} from {column}", "{name} 取自 {column}")
LANGUAGE = Phrase("language {language}", "语言 {language}")
SCORER = Phrase("scorer {scorer}", "评分器 {scorer}")
SCORER_WITH = Phrase("scorer {scorer} ({options})", "评分器 {scorer}（{options}）")
ANSWER_KIND = Phrase("answer_kind {kind}", "answer_kind {kind}")
OF_BENCHMARK = Phrase("{name}: {guessed}", "{name}：{guessed}")
