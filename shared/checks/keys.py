"""The keys of personal data: their file is its owner's alone, and they fit what lies in the databases."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from shared.access.keyring import Keyring, KeysMissing, key_of
from shared.checks.files import is_private
from shared.checks.finding import Finding, Mend, fine, warning, wrong
from shared.checks.settings import Examined, Installation
from shared.persistence.sealing import samples, sealed_tables

_RESTORE = Mend(
    "从备份恢复密钥文件；JIUSHU_DATA_KEY_FILE 指定其位置",
    "restore the key file from its backup; JIUSHU_DATA_KEY_FILE says where it is",
)


def data_keys(installation: Installation) -> Iterator[Finding]:
    """The file of the keys can be read, by its owner alone."""
    for path in sorted({service.settings.data_key_file for service in installation.services}):
        if not path.exists():
            mend = Mend(
                "首次启动时会建立；若应已存在，请恢复备份", "made at the first start; else restore it"
            )
            yield warning(f"还没有数据密钥 {path}", f"there are no data keys {path} yet", mend)
            continue
        try:
            _ = Keyring(path).current
        except KeysMissing as error:
            yield wrong(
                f"无法读取数据密钥 {path}", f"the data keys {path} cannot be read", _RESTORE, str(error)
            )
        else:
            yield from is_private(path, f"数据密钥 {path}", f"the data keys {path}")


def sealed_data(session: Session, service: Examined) -> Iterator[Finding]:
    """The keys that the latest sealed values need are there, and fit."""
    path = service.settings.data_key_file
    keyring = Keyring(path)
    stored = [
        (column.type.what, value.decode() if isinstance(value, bytes) else value)  # type: ignore[attr-defined]
        for column, value in samples(session, sealed_tables(service.definition.metadata))
        if key_of(value)
    ]
    try:
        for what, value in stored:
            keyring.open(value, what)
    except KeysMissing as error:
        yield wrong(
            f"{path} 打不开已加密的数据",
            f"the keys in {path} do not open what is sealed",
            _RESTORE,
            str(error),
        )
    else:
        yield fine("加密的数据都能打开", "what is sealed can be opened")
