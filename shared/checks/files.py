"""What lies on this machine's disk: the key of tokens, SQLite's files, and room for more."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from shared.checks.database import sqlite_file
from shared.checks.finding import Finding, Mend, fine, warning, wrong
from shared.checks.settings import Examined, Installation

SHORTEST_KEY, FEWEST_CHARACTERS = 32, 12  # RFC 7518 asks for 256 bits for HS256
MEGABYTE = 1024 * 1024
LITTLE_DISK, NO_DISK = 1024 * MEGABYTE, 100 * MEGABYTE


def token_key(installation: Installation) -> Iterator[Finding]:
    """The key that signs tokens cannot be guessed, and is its owner's alone."""
    services = [service for service in installation.services if service.settings.local_tokens]
    for path in sorted({service.settings.token_key_file for service in services}):
        if not path.exists():
            yield warning(
                f"还没有令牌密钥 {path}",
                f"there is no token key {path} yet",
                Mend(
                    "首次启动时会建立；若应已存在，请检查 JIUSHU_VAR_DIR",
                    "made at the first start; see JIUSHU_VAR_DIR",
                ),
            )
            continue
        try:
            key = path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            mend = Mend(
                "恢复该文件，或删除它以便重建", "restore the file, or delete it to have a new one made"
            )
            yield wrong(f"无法读取令牌密钥 {path}", f"the token key {path} cannot be read", mend, str(error))
            continue
        if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS:
            yield wrong(
                f"令牌密钥 {path} 太弱，可以被猜出",
                f"the token key {path} is weak and can be guessed",
                Mend(
                    "删除它，启动时会建立新的密钥（已发出的令牌随之失效）",
                    "delete it; a start makes a new one (tokens issued so far end with it)",
                    f"rm {path}",
                ),
            )
        else:
            yield from is_private(path, f"令牌密钥 {path}", f"the token key {path}")


def data_files(installation: Installation) -> Iterator[Finding]:
    """Phones and homes are in the databases: their files are their owner's alone."""
    files = [sqlite_file(service.settings.database_url) for service in installation.services]
    for file in files:
        if file and file.exists():
            yield from is_private(file, f"数据库文件 {file}", f"the database file {file}")


def is_private(path: Path, zh: str, en: str) -> Iterator[Finding]:
    """Whether others on this machine can read a file."""
    if (
        os.statvfs(path).f_flag & os.ST_RDONLY
    ):  # a container's secret: who may read it is settled where it lies
        yield fine(f"{zh} 只读挂载", f"{en} is mounted read-only")
        return
    mode = path.stat().st_mode & 0o777
    mend = Mend("只允许其所有者读写", "let only its owner read and write it", f"chmod 600 {path}")
    if mode & 0o007:
        yield wrong(f"{zh} 本机任何用户都能读取（{mode:03o}）", f"{en} can be read by everybody here", mend)
    elif mode & 0o070:
        yield warning(f"{zh} 同组用户能读取（{mode:03o}）", f"{en} can be read by its group", mend)
    else:
        yield fine(f"{zh} 只有所有者能读写（{mode:03o}）", f"{en} is its owner's alone")


def disk(installation: Installation) -> Iterator[Finding]:
    """There is room for what is written."""
    for directory in sorted({folder for service in installation.services for folder in _folders(service)}):
        there = _nearest(directory)
        free = shutil.disk_usage(there).free
        zh = f"{directory} 所在磁盘剩余 {free // MEGABYTE} MB"
        en = f"{free // MEGABYTE} MB are free where {directory} is"
        mend = Mend(
            "清理或扩大磁盘", "free or enlarge the disk", f"du -xh --max-depth 2 {there} | sort -h | tail"
        )
        if free < LITTLE_DISK:
            yield (wrong if free < NO_DISK else warning)(zh, en, mend)
        elif not os.access(there, os.W_OK, effective_ids=True):
            own = Mend(
                "让运行服务的用户拥有它",
                "let the user that runs the services own it",
                f"chown <用户 user> {there}",
            )
            yield wrong(f"不能写入 {there}", f"{there} cannot be written", own)
        else:
            yield fine(zh, en)


def _folders(service: Examined) -> set[Path]:
    """Where its database lies, or else its keys; and what people attach."""
    file, settings = sqlite_file(service.settings.database_url), service.settings
    written = [file.parent if file else settings.var_dir]
    if settings.attachments_folder.parent.parent != settings.var_dir:
        written.append(settings.attachments_folder.parent)
    return {folder.absolute() for folder in written}


def _nearest(directory: Path) -> Path:
    """The directory, or the nearest above it that exists."""
    return next(place for place in (directory, *directory.parents) if place.exists())
