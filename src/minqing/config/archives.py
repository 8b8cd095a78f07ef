"""The file of a backup: a tar of everything, encrypted with age for a public key, its list of contents last.

Nothing of it lies open on a disk: it is encrypted while it is packed. Whoever has the public key alone can make such a
file, so what is unpacked is written below one folder, and nothing of it is used before all of it was compared.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from minqing.config.processes import Unfit
from minqing.config.words import _
from minqing.core.language import reason_of

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
PIECE: Final = 1 << 20


@dataclass(frozen=True)
class Content:
    """One file in it."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. ``transaction``: the number that the database would have given out next.

    ``tables``: how many rows each had at the moment of the backup; ``keys``: fingerprints, never a key; ``seal``:
    number and digest of the journal's last one; ``migrations``: those that made the tables; ``roles``: what the
    database's ``owner`` and the ``app`` were called; ``size``: of the database in bytes, 0 if not told.
    """

    made_at: str
    version: str
    generation: int
    postgresql: int
    transaction: int
    migrations: list[list[str]]
    keys: dict[str, list[str]]
    tables: dict[str, int]
    seal: list[Any]
    contents: dict[str, Content] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    size: int = 0
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(self.tables.values())

    def written(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


class Digesting:
    """A file that is being read, of which size and digest are wanted afterwards; it ends where it ended at first."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.left = file, os.fstat(file.fileno()).st_size
        self.size, self.digest = self.left, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(piece)
        self.digest.update(piece)
        return piece

    @property
    def content(self) -> Content:
        return Content(self.size, self.digest.hexdigest())


def recipients_of(told: str) -> list[object]:
    """Public keys (``age1…``), separated by commas. Raises Unfit where there is none, or one that is no key."""
    import pyrage

    named = [one.strip() for one in told.split(",") if one.strip()]
    if not named:
        raise Unfit(
            _(
                "Say for which public key the backup is encrypted, with --to or MINQING_BACKUP_KEY. Make a pair of "
                "keys with: minqing keys backup FILE"
            )
        )
    try:
        return [pyrage.x25519.Recipient.from_str(one) for one in named]
    except pyrage.RecipientError:
        raise Unfit(
            _("MINQING_BACKUP_KEY or --to is no public key: one begins with age1 and has 62 letters and digits.")
        ) from None


def identities_in(path: Path) -> list[object]:
    """The secret keys in a file, as age writes them: one a line, lines with # are remarks."""
    import pyrage

    try:
        # an editor on Windows marks the beginning of a file
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
        found = [pyrage.x25519.Identity.from_str(one) for one in lines if one and not one.startswith("#")]
    except OSError as error:
        raise cannot_read(path, error) from None
    except (UnicodeDecodeError, pyrage.IdentityError):
        found = []
    if not found:
        raise Unfit(
            _("{path} holds no secret key of backups: one begins with AGE-SECRET-KEY-1. Nothing was changed.").format(
                path=path
            )
        )
    return found


def new_identity(path: Path) -> str:
    """Make a pair of keys: the secret one into a file for this user alone. Returns the public one."""
    import pyrage

    made = pyrage.x25519.Identity.generate()
    public = str(made.to_public())
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise cannot_write(path, error) from None
    with os.fdopen(number, "w") as file:
        file.write(f"# {public}\n{made}\n")
    return public


def cannot_write(path: Path, error: OSError) -> Unfit:
    return Unfit(_("{path} cannot be written: {what}.").format(path=path, what=reason_of(error)))


def cannot_read(path: Path, error: OSError) -> Unfit:
    return Unfit(_("{path} cannot be read: {what}. Nothing was changed.").format(path=path, what=reason_of(error)))


def pack(target: Path, manifest: Manifest, parts: Iterable[tuple[str, Path]], recipients: list[object]) -> Manifest:
    """Write the file, whole or not at all: it gets its name last. Returns the manifest with its contents."""
    import pyrage

    fresh = target.with_name(f".{target.name}.part")
    try:
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with beside(write_tar, manifest, parts) as (source, packed):
                pyrage.encrypt_io(source, out, recipients)
            told = packed.result()
            out.flush()
            os.fsync(out.fileno())
        fresh.rename(target)
    except OSError as error:
        raise cannot_write(target, error) from None
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
    return told


@contextlib.contextmanager
def beside(work: Any, *values: Any) -> Iterator[tuple[IO[bytes], Future[Any]]]:
    """``work(writes into a pipe, *values)`` in a thread; the block reads what comes."""
    read, write = os.pipe()
    with ThreadPoolExecutor(1) as pool, os.fdopen(read, "rb") as source:
        future = pool.submit(work, os.fdopen(write, "wb"), *values)
        try:
            yield source, future
        finally:
            # before the thread is waited for: nobody reads any more
            source.close()


def write_tar(out: IO[bytes], manifest: Manifest, parts: Iterable[tuple[str, Path]]) -> Manifest:
    with out, tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for name, path in parts:
            try:
                file = path.open("rb")
            except FileNotFoundError:
                # erased since the folder was looked through
                continue
            with file:
                digesting = Digesting(file)
                add(tar, name, digesting.size, digesting)
                manifest.contents[name] = digesting.content
        told = manifest.written()
        add(tar, MANIFEST, len(told), io.BytesIO(told))
    return manifest


def add(tar: tarfile.TarFile, name: str, size: int, file: Any) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, file)


def unpack(archive: Path, identities: list[object], folder: Path) -> Manifest:
    """Decrypt into ``folder`` and compare with what it says of itself. Raises Unfit with what is not right."""
    try:
        encrypted = archive.open("rb")
    except OSError as error:
        # of a file that is another user's not a word of damage
        raise cannot_read(archive, error) from None
    with encrypted, beside(decrypt, archive, encrypted, identities) as (source, decrypted):
        try:
            found = dict(extracted(source, folder))
            # the end proves itself as every other piece does
            while source.read(PIECE):
                pass
        except (tarfile.TarError, EOFError):
            # it ends early where a piece could not be decrypted; nobody reads any more
            source.close()
            why = decrypted.exception()
            raise why if isinstance(why, Unfit) else damaged(archive) from None
        except OSError as error:
            raise cannot_write(folder, error) from None
    decrypted.result()
    manifest = read_manifest(archive, folder / MANIFEST)
    found.pop(MANIFEST)
    compare(archive, manifest.contents, found)
    return manifest


def decrypt(out: IO[bytes], archive: Path, encrypted: IO[bytes], identities: list[object]) -> None:
    import pyrage

    with out:
        try:
            pyrage.decrypt_io(encrypted, out, identities)
        except pyrage.DecryptError:
            raise Unfit(
                _(
                    "{archive} is not encrypted for this key, or is no backup. Name the file with the right secret "
                    "key; nothing was changed."
                ).format(archive=archive)
            ) from None
        except OSError:
            raise damaged(archive) from None


def damaged(archive: Path) -> Unfit:
    return Unfit(
        _("{archive} is damaged: it is not as it was written. Take another copy of it; nothing was changed.").format(
            archive=archive
        )
    )


def extracted(source: IO[bytes], folder: Path) -> Iterator[tuple[str, Content]]:
    with tarfile.open(fileobj=source, mode="r|") as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            if not member.isreg() or path.is_absolute() or ".." in path.parts:
                raise tarfile.ReadError(member.name)
            target = folder / path
            for above in reversed([one for one in target.parents if one.is_relative_to(folder)]):
                above.mkdir(parents=True, exist_ok=True, mode=0o700)
            digest = hashlib.sha256()
            # of a regular file there always is one
            file: Any = tar.extractfile(member)
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                while piece := file.read(PIECE):
                    digest.update(piece)
                    out.write(piece)
            yield member.name, Content(member.size, digest.hexdigest())


def read_manifest(archive: Path, path: Path) -> Manifest:
    try:
        told = json.loads(path.read_bytes())
        if told["format"] > FORMAT:
            raise Unfit(
                _("{archive} was made by newer software ({version}). Install that; nothing was changed.").format(
                    archive=archive, version=told["version"]
                )
            )
        contents = {name: Content(**one) for name, one in told.pop("contents").items()}
        return Manifest(contents=contents, **{one.name: told[one.name] for one in fields(Manifest) if one.name in told})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise damaged(archive) from None


def compare(archive: Path, told: dict[str, Content], found: dict[str, Content]) -> None:
    lacking, other = sorted(told.keys() - found.keys()), sorted(found.keys() - told.keys())
    changed = sorted(name for name in told.keys() & found.keys() if told[name] != found[name])
    for names, sentence in (
        (lacking, _("{archive} lacks {count} files that belong to it, the first {name}.")),
        (changed, _("{archive} holds {count} files that are not as they were, the first {name}.")),
        (other, _("{archive} holds {count} files that do not belong to it, the first {name}.")),
    ):
        if names:
            said = sentence.format(archive=archive, count=len(names), name=names[0])
            raise Unfit(f"{said} {_('Take another copy of it; nothing was changed.')}")
