"""What is said while data is fetched from a hub."""

from __future__ import annotations

from pytest_iqeval.core.told import Phrase

BEGINS = Phrase(
    "fetching {what}: {count} files",
    "正在下载 {what}：{count} 个文件",
    one="fetching {what}: 1 file",
)
BEGINS_SIZED = Phrase(
    "fetching {what}: {count} files, {size}",
    "正在下载 {what}：{count} 个文件，{size}",
    one="fetching {what}: 1 file, {size}",
)
GOES_ON = Phrase(
    "{what}: {done} of {count} files, {size}, {rate}/s",
    "{what}：{done} / {count} 个文件，{size}，{rate}/秒",
)
ENDS = Phrase("fetched {what}: {size} in {seconds} s", "已下载 {what}：{size}，用时 {seconds} 秒")
WAITS = Phrase("another process fetches {what}: waiting", "另一进程正在下载 {what}：等待中")
NEXT = Phrase("{problem}; asking {title} instead", "{problem}；改用 {title}")
HERE = Phrase(
    "{what}: {origin}, {count} files, {size} bytes, in {path}",
    "{what}：{origin}，{count} 个文件，{size} 字节，位于 {path}",
    one="{what}: {origin}, 1 file, {size} bytes, in {path}",
)
PINNED = Phrase("{path} pins {what}", "{path} 已固定 {what}")
COPIED = Phrase("copied to {path}", "已复制到 {path}")
