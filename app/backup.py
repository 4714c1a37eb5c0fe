"""Keep everything in one file, and bring it back. A live SQLite file is never copied, but backed up."""

import secrets
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

DATABASE = "fortael.sqlite3"
DUMP = "fortael.pgdump"
FOLDERS = ("pictures", "photos")


class Refused(Exception):
    """Why a backup is not brought back."""


def create(config: Mapping[str, Any], file: Path) -> str:
    """Write database and pictures to a .tar.gz; says what it holds."""
    with tempfile.TemporaryDirectory() as folder:
        kept = _database(config["SQLALCHEMY_DATABASE_URI"], Path(folder))
        # Nobody else may read it, not even while it is being written.
        fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        fresh.touch(0o600, exist_ok=False)
        with tarfile.open(fresh, "w:gz") as archive:
            archive.add(kept, kept.name)
            for name in FOLDERS:
                _add(archive, config["DATA_DIR"] / name)
        fresh.replace(file)
    return f"{file} holds the database and the pictures."


def _add(archive: tarfile.TarFile, folder: Path) -> None:
    """A folder's files. One that is deleted meanwhile is left out."""
    for path in sorted(folder.glob("*")):
        with suppress(FileNotFoundError):
            archive.add(path, f"{folder.name}/{path.name}")


def _database(address: str, folder: Path) -> Path:
    if address.startswith("postgresql"):
        target = folder / DUMP
        subprocess.run(["pg_dump", "-Fc", "-f", str(target), _libpq(address)], check=True)
        return target
    target = folder / DATABASE
    with sqlite3.connect(address.removeprefix("sqlite:///")) as live, sqlite3.connect(target) as copy:
        live.backup(copy)
    live.close()
    copy.close()
    return target


def _libpq(address: str) -> str:
    return address.replace("postgresql+psycopg://", "postgresql://", 1)


def restore(config: Mapping[str, Any], file: Path, force: bool) -> str:
    """Bring a backup back. Raises Refused when something is there (unless forced) or the file is no good."""
    with tempfile.TemporaryDirectory() as folder:
        kept, address = Path(folder), config["SQLALCHEMY_DATABASE_URI"]
        try:
            with tarfile.open(file) as archive:
                _unpack(archive, kept)
        except (tarfile.TarError, EOFError, zlib.error) as reason:
            raise Refused(f"{file.name} is no backup, or damaged.") from reason
        if not (kept / (DUMP if address.startswith("postgresql") else DATABASE)).exists():
            raise Refused(f"{file.name} holds no database for this DATABASE_URL.")
        if address.startswith("postgresql"):
            _restore_postgresql(address, kept / DUMP, force)
        else:
            _restore_sqlite(address, kept / DATABASE, force)
        for name in FOLDERS:
            if (kept / name).is_dir():
                shutil.copytree(kept / name, config["DATA_DIR"] / name, dirs_exist_ok=True)
    return "The backup is brought back."


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Only plain files that stay inside the folder (Python 3.11.2 has no filter for that yet)."""
    for member in archive.getmembers():
        target = (folder / member.name).resolve()
        content = archive.extractfile(member) if member.isfile() else None
        if content is not None and target.is_relative_to(folder.resolve()):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())


def _restore_sqlite(address: str, kept: Path, force: bool) -> None:
    target = Path(address.removeprefix("sqlite:///"))
    if target.exists() and not force:
        raise Refused(f"{target.name} is there already. Stop the app and use --force to replace it.")
    if not _is_whole(kept):
        raise Refused("The database in this backup is damaged.")
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    shutil.copyfile(kept, fresh)
    for name in (f"{target}-wal", f"{target}-shm"):
        Path(name).unlink(missing_ok=True)
    fresh.replace(target)


def _is_whole(database: Path) -> bool:
    copy = sqlite3.connect(database)
    try:
        return bool(copy.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False
    finally:
        copy.close()


def _restore_postgresql(address: str, dump: Path, force: bool) -> None:
    if not force:
        raise Refused("A PostgreSQL backup replaces the whole database. Stop the app and use --force.")
    command = [
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--single-transaction",
        "-d",
        _libpq(address),
    ]
    if subprocess.run([*command, str(dump)]).returncode:
        raise Refused("pg_restore could not bring it back; nothing is changed.")
