"""What a run says of its suite: which values came from it, and which from elsewhere."""

from __future__ import annotations

from pytest_iqeval.core.told import Phrase, Told

SUITE = Phrase(
    "suite {file} (sha256 {digest}): {names}",
    "套件 {file}（sha256 {digest}）：{names}",
)
OVER_SUITE = Phrase(
    "the command line goes over the suite: {what}",
    "命令行优先于套件：{what}",
)
OVER_INI = Phrase("the suite goes over {ini}: {what}", "套件优先于 {ini}：{what}")
FROM_INI = Phrase("not in the suite, from {ini}: {what}", "套件中没有、取自 {ini}：{what}")
INSTEAD = Phrase("{option} {value} (suite: {suite})", "{option} {value}（套件：{suite}）")
FOR_ALL = Phrase(
    "{option} (also instead of what the suite says of {names})",
    "{option}（也取代套件对 {names} 的设定）",
)
OF_A_SET = Phrase("suite, of {name} alone: {what}", "套件，仅对 {name}：{what}")
OWN_SYSTEM = Told("a system message of its own", "另设系统消息")
TASK = Phrase("{file}, {line}", "{file}，{line}")
