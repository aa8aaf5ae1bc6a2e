"""What a run says of the code that it runs."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.core.told import Phrase, Told

RUNS = Phrase(
    "runs the model's code in {kind}, kept from: {held}", "运行模型写的代码：{kind}，已隔离：{held}"
)
RUNS_OPEN = Phrase("runs the model's code in {kind}", "运行模型写的代码：{kind}")
KINDS: Mapping[str, Told] = {
    "namespaces": Told("namespaces of Linux", "Linux 命名空间"),
    "bubblewrap": Told("bubblewrap", "bubblewrap 沙箱"),
    "filters": Told("a process with limits", "有资源限制的进程"),
}
HELD: Mapping[str, Told] = {
    "network": Told("network", "网络"),
    "files": Told("your files", "你的文件"),
    "processes": Told("other processes", "其他进程"),
    "user": Told("root's rights", "root 权限"),
}
NOT_ENFORCED = Phrase(
    "NOT enforced for that code: {what} (docs/code.md says what helps)",
    "对该代码未能限制：{what}（办法见 docs/code.md）",
)
MISSING: Mapping[str, Told] = {
    "network": Told("no network", "禁用网络"),
    "files": Told("no access to your files", "禁止访问你的文件"),
    "processes": Told("no access to other processes", "禁止访问其他进程"),
    "user": Told("a user other than root", "非 root 用户"),
    "limit: cpu_s": Told("a limit of processor time", "处理器时间上限"),
    "limit: memory_bytes": Told("a limit of memory", "内存上限"),
    "limit: file_bytes": Told("a limit of file sizes", "文件大小上限"),
    "limit: room_bytes": Told("a limit of all that is written", "写入总量上限"),
    "limit: open_files": Told("a limit of open files", "打开文件数上限"),
    "limit: processes": Told("a limit of processes", "进程数上限"),
    "limit: system_calls": Told("a filter of system calls", "系统调用过滤"),
}
