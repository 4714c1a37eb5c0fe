"""Keep everything in one file, and bring it back. A live SQLite file is never copied, but backed up."""

import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DATABASE = "fortael.sqlite3"
DUMP = "fortael.pgdump"


class Refused(Exception):
    """Why a backup is not brought back."""


def create(config: Mapping[str, Any], file: Path) -> str:
    """Write database and pictures to a .tar.gz; says what it holds."""
    with tempfile.TemporaryDirectory() as folder:
        kept = _database(config["SQLALCHEMY_DATABASE_URI"], Path(folder))
        with tarfile.open(file, "w:gz") as archive:
            archive.add(kept, kept.name)
            pictures = config["DATA_DIR"] / "pictures"
            if pictures.is_dir():
                archive.add(pictures, "pictures")
    file.chmod(0o600)
    return f"{file} holds the database and the pictures."


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
        with tarfile.open(file) as archive:
            _unpack(archive, Path(folder))
        kept = Path(folder)
        if (kept / DUMP).exists():
            _restore_postgresql(config["SQLALCHEMY_DATABASE_URI"], kept / DUMP, force)
        else:
            _restore_sqlite(config["SQLALCHEMY_DATABASE_URI"], kept / DATABASE, force)
        if (kept / "pictures").is_dir():
            shutil.copytree(kept / "pictures", config["DATA_DIR"] / "pictures", dirs_exist_ok=True)
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
    with sqlite3.connect(kept) as copy:
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise Refused("The database in this backup is damaged.")
    copy.close()
    for name in (f"{target}-wal", f"{target}-shm"):
        Path(name).unlink(missing_ok=True)
    shutil.copyfile(kept, target)


def _restore_postgresql(address: str, dump: Path, force: bool) -> None:
    if not force:
        raise Refused("A PostgreSQL backup replaces the whole database. Stop the app and use --force.")
    command = ["pg_restore", "--clean", "--if-exists", "--no-owner", "-d", _libpq(address), str(dump)]
    subprocess.run(command, check=True)
