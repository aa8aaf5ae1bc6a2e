"""What a run says of the code that it runs."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.core.told import Phrase, Told

RUNS = Phrase(
    "runs the model's code in {kind}; at most {count} further processes and threads",
    "运行模型写的代码：{kind}；最多另有 {count} 个进程和线程",
)
KINDS: Mapping[str, Told] = {
    "namespaces": Told(
        "namespaces: no network, no files of yours, no other processes",
        "命名空间隔离，无网络，看不到你的文件和其他进程",
    ),
    "bubblewrap": Told(
        "bubblewrap: no network, no files of yours, no other processes",
        "bubblewrap 隔离，无网络，看不到你的文件和其他进程",
    ),
    "limits": Told("a process with limits and without isolation", "仅有资源限制的进程，没有隔离"),
}
NOT_ENFORCED = Phrase(
    "NOT enforced for that code: {what} (docs/code.md says how to have it)",
    "对该代码未能限制：{what}（办法见 docs/code.md）",
)
NAMES: Mapping[str, Told] = {
    "network": Told("no network", "禁用网络"),
    "files": Told("no access to files", "禁止访问文件"),
    "processes": Told("no access to other processes", "禁止访问其他进程"),
    "user": Told("a user other than root", "非 root 用户"),
    "limit: cpu_s": Told("a limit of processor time", "处理器时间上限"),
    "limit: memory_bytes": Told("a limit of memory", "内存上限"),
    "limit: file_bytes": Told("a limit of file sizes", "文件大小上限"),
    "limit: open_files": Told("a limit of open files", "打开文件数上限"),
    "limit: processes": Told("a limit of processes", "进程数上限"),
}
