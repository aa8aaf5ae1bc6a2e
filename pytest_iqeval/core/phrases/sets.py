"""What `iqeval list`, `show`, `check` and `init` say of benchmarks."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.core.told import Phrase, Told

# `list`
COLUMNS: Mapping[str, Told] = {
    "name": Told("benchmark", "题库"),
    "title": Told("title", "名称"),
    "language": Told("language", "语言"),
    "questions": Told("questions", "题数"),
    "subsets": Told("subsets", "子集"),
    "found": Told("found in", "位置"),
    "size": Told("size", "大小"),
    "licence": Told("licence", "许可"),
}
WHERE: Mapping[str, Told] = {
    "data-dir": Told("data-dir", "data-dir"),
    "package": Told("package", "随包"),
    "beside": Told("folder", "文件夹"),
    "cache": Told("cache", "缓存"),
}
ABSENT = Told("not here", "不在本机")
AT_FAULT = Told("at fault", "有错误")
HOW_TO_GET = Told(
    "`iqeval show NAME` says how to get the data that is not here.",
    "数据不在本机的题库，`iqeval show NAME` 会说明如何获取。",
)
HOW_TO_MEND = Phrase(
    "`iqeval check {spec}` says what is wrong.", "`iqeval check {spec}` 会列出错误。"
)

# `show`
LANGUAGES: Mapping[str, Told] = {"zh": Told("Chinese", "中文"), "en": Told("English", "英文")}
LABELS: Mapping[str, Told] = {
    "language": Told("language", "语言"),
    "licence": Told("licence", "许可"),
    "homepage": Told("homepage", "主页"),
    "revision": Told("revision", "版本"),
    "data": Told("data", "数据"),
    "asked": Told("asked for", "作答"),
    "scorer": Told("scorer", "判分器"),
    "fields": Told("columns", "列"),
    "system": Told("system", "系统消息"),
    "few_shot": Told("examples", "示例"),
    "average": Told("average", "平均"),
    "group": Told("groups", "分组"),
    "unavailable": Told("can't be had", "不提供"),
    "gates": Told("gates", "门槛"),
    "source": Told("taken from", "出处"),
    "definition": Told("definition", "定义文件"),
}
NOT_STATED = Told("not stated", "未注明")
FROM_DATA = Phrase("{revision} (from the data)", "{revision}（由数据得出）")
FOUND_IN = Phrase("{where}: {files}, {size}", "{where}：{files}，{size}")
FOLDER = Phrase("{count} files in {folder}", "{folder} 中的 {count} 个文件")
ASKS: Mapping[str, Told] = {
    "option": Told("the label of the one right option", "唯一正确选项的标号"),
    "options": Told("the labels of all right options", "全部正确选项的标号"),
    "number": Told("a number", "一个数"),
    "yes_no": Told("yes or no", "是或否"),
    "short": Told("a short text", "一段短文本"),
    "maths": Told("a formula", "数学式"),
    "code": Told("a function in Python", "一个 Python 函数"),
    "open": Told("a text that its scorer reads", "由判分器读取的文本"),
}
WITH_OPTIONS = Phrase("{scorer} ({options})", "{scorer}（{options}）")
COLUMN = Phrase("{name} from {column}", "{name} 取自 {column}")
EXAMPLES = Phrase(
    "{count} before each question (--iqeval-few-shot changes it)",
    "每题前 {count} 个（可用 --iqeval-few-shot 更改）",
)
MACRO = Told(
    "over subsets (macro): its makers' figure; micro is shown too",
    "按子集平均（macro）：其作者报告的口径；micro 也会显示",
)
SUBSETS = Phrase(
    "{count} subsets, {questions} questions",
    "{count} 个子集，{questions} 题",
    one="1 subset, {questions} questions",
)
SUBSET_COLUMNS: Mapping[str, Told] = {
    "subset": Told("subset", "子集"),
    "category": Told("category", "类别"),
    "questions": Told("questions", "题数"),
    "examples": Told("examples", "示例"),
}
SAMPLES = Phrase(
    "{count} questions as the model sees them (--iqeval-answer {answer})",
    "模型看到的 {count} 道题（--iqeval-answer {answer}）",
    one="1 question as the model sees it (--iqeval-answer {answer})",
)
TARGET = Told("right answer", "正确答案")
NO_DATA = Told("the data is not here", "数据不在本机")

# `check`
GOOD = Phrase(
    "{spec}: {questions} questions in {count} subsets: no faults",
    "{spec}：{questions} 题，{count} 个子集，没有错误",
    one="{spec}: {questions} questions: no faults",
)
GOOD_SUITE = Phrase(
    "{spec}: a suite of {count} benchmarks: no faults",
    "{spec}：包含 {count} 个题库的套件，没有错误",
    one="{spec}: a suite of 1 benchmark: no faults",
)
ABSENT_DATA = Phrase(
    "{spec}: no faults in the definition; its data is not here, so that was not looked at",
    "{spec}：定义没有错误；数据不在本机，未检查数据",
)
FAULTS = Phrase("{spec}: {count} faults", "{spec}：{count} 个错误", one="{spec}: 1 fault")
HINT = Phrase("hint: {hint}", "提示：{hint}")
DOUBT = Phrase("note: {doubt}", "注意：{doubt}")

# `init`
WROTE = Phrase("wrote {path}", "已写入 {path}")
LOOK = Phrase("see it as a model does:  iqeval show {spec}", "看模型看到的题目：iqeval show {spec}")
CHECK = Phrase("check it after a change: iqeval check {spec}", "改动后检查：iqeval check {spec}")
ASK = Phrase(
    "ask a model:             pytest --iqeval-model gemma3:4b --iqeval-dataset {spec}",
    "向模型提问：pytest --iqeval-model gemma3:4b --iqeval-dataset {spec}",
)
