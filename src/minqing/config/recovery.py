"""A county as it was at a moment of the past: the copy of the database before it, and its log up to there.

Put together beside its place as out of a backup (:mod:`minqing.config.restore`), and proved before it gets it.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tarfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from shlex import quote
from typing import Any, Final

from minqing.config import cluster, embedded
from minqing.config.archives import Manifest, damaged, identities_in, unpack
from minqing.config.backup import FOLDERS, OURS
from minqing.config.disks import refuse_without_room
from minqing.config.env import Env
from minqing.config.looking import Looks
from minqing.config.processes import Unfit
from minqing.config.restore import Restored, Stage, proved, put_in_place, refuse_what_does_not_fit, stage_of
from minqing.config.wal_archive import BASE, COPY, NAME, PIECE, moment_of, said, segment_name, segment_number
from minqing.config.words import _

# for a week's log of a busy county
PATIENCE: Final = 6 * 3600
BEGUN: Final = re.compile(r"^START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)$", re.MULTILINE)
# what the copy brings along of the server it was made of; while that one runs the lock of its socket would hold
ITS_OWN: Final = re.compile(r"(?:\./)?(?:log|\.s\.PGSQL\.\d+(?:\.lock)?)")
# a timeline beyond the copy's, by which phones and machines know that this is another life of the county
FURTHER: Final = 1 << 24
# Debian 12's own Python has no filters yet; the names are looked at here too
CAREFUL: Final[dict[str, Any]] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}


@dataclass(frozen=True)
class Chain:
    """What one moment is put together from: a copy, and the pieces of the log since it, the oldest first."""

    copy: Path
    pieces: list[Path]


def restore_at(
    source: Path,
    identity: Path,
    settings: Env,
    *,
    moment: datetime,
    only_check: bool = False,
    although_changed: bool = False,
    although_full: bool = False,
    looks: Looks = (),
) -> Restored:
    """As :func:`minqing.config.restore.restore`, out of the folder of backups or the copies of one of its files."""
    chain = chain_to(moment, source)
    identities = identities_in(identity)
    if not although_full:
        refuse_without_room(sum(one.stat().st_size for one in (chain.copy, *chain.pieces)), settings.var)
    with stage_of(settings) as stage:
        manifest = unpack(chain.copy, identities, stage.files)
        refuse_another_postgresql(manifest)
        if not although_full:
            refuse_without_room(manifest.size, stage.database)
        last = manifest
        for piece in chain.pieces:
            last = add_piece(piece, identities, stage)
        refuse_what_does_not_fit(last)
        lay_out(chain.copy, stage)
        refuse_a_gap(moment, stage)
        replay(moment, stage)
        socket = embedded.start(stage.pgdata)
        try:
            # roles and settings as this software has them
            embedded.ensure_database(socket, settings.minqing_db_name)
            found = proved(stage, looks, although_changed=although_changed)
        finally:
            embedded.stop(stage.pgdata)
        if not only_check:
            put_in_place(stage, settings)
    return Restored(manifest, found)


def chain_to(moment: datetime, source: Path) -> Chain:
    """Raises Unfit where the moment is outside of what is kept, with what is."""
    folder = source.parent if source.is_file() else source
    if not folder.is_dir():
        raise Unfit(_("There is no file {archive}.").format(archive=source))
    found: dict[tuple[str, str], dict[str, dict[datetime, Path]]] = {}
    for path in sorted(folder.iterdir()):
        if match := NAME.fullmatch(path.name):
            kinds = found.setdefault((match[1], match[2]), {BASE: {}, PIECE: {}})
            kinds[match[4]][moment_of(match)] = path
    if source.is_file():
        named = NAME.fullmatch(source.name)
        found = {key: kinds for key, kinds in found.items() if named and key == (named[1], named[2])}
    if not any(kinds[BASE] for kinds in found.values()):
        raise Unfit(
            _(
                "{source} holds nothing of which a moment could be put together. It is kept where "
                "MINQING_BACKUP_MOMENTS is set; a backup is restored without --at."
            ).format(source=source)
        )
    reaching = [chain for kinds in found.values() if (chain := chain_in(kinds, moment))]
    if len(reaching) > 1:
        names = ", ".join(one.copy.name for one in reaching)
        raise Unfit(
            _("Several counties or copies of one were at work at that moment. Name one of: {names}").format(names=names)
        )
    if not reaching:
        raise not_kept(moment, [kept for kinds in found.values() if (kept := bounds(kinds))])
    return reaching[0]


def chain_in(kinds: dict[str, dict[datetime, Path]], moment: datetime) -> Chain | None:
    copies = [one for one in kinds[BASE] if one <= moment]
    if not copies:
        return None
    pieces = [one for one in sorted(kinds[PIECE]) if one >= max(copies)]
    last = next((one for one in pieces if one > moment), None)
    if last is None:
        return None
    return Chain(kinds[BASE][max(copies)], [kinds[PIECE][one] for one in pieces if one <= last])


def bounds(kinds: dict[str, dict[datetime, Path]]) -> tuple[datetime, datetime] | None:
    """The first and the last moment that is reached."""
    if not kinds[BASE] or not kinds[PIECE]:
        return None
    return min(kinds[BASE]), max(kinds[PIECE])


def not_kept(moment: datetime, kept: list[tuple[datetime, datetime]]) -> Unfit:
    spans = ", ".join(f"{said(first)} – {said(last)}" for first, last in sorted(kept)) or "–"
    return Unfit(
        _("{moment} is outside of what is kept: {spans}. Nothing was changed.").format(moment=said(moment), spans=spans)
    )


def refuse_another_postgresql(manifest: Manifest) -> None:
    if manifest.postgresql != OURS:
        raise Unfit(
            _(
                "The server's own files are of PostgreSQL {its}, and this is {own}: take Minqing {version}, or a "
                "backup of that day without --at. Nothing was changed."
            ).format(its=manifest.postgresql, own=OURS, version=manifest.version)
        )


def wal_of(stage: Stage) -> Path:
    return stage.database / "wal"


def add_piece(piece: Path, identities: list[object], stage: Stage) -> Manifest:
    """Its segments beside the server's files, its pictures where those of the copy lie."""
    scratch = stage.database / "piece"
    scratch.mkdir()
    manifest = unpack(piece, identities, scratch)
    wal_of(stage).mkdir(exist_ok=True)
    for path in sorted(scratch.rglob("*")):
        name = path.relative_to(scratch)
        if not path.is_file() or name.parts[0] not in ("wal", *FOLDERS):
            continue
        target = wal_of(stage) / name.name if name.parts[0] == "wal" else stage.files / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.move(path, target)
    shutil.rmtree(scratch)
    return manifest


def stays_inside(member: tarfile.TarInfo) -> bool:
    """A file or a folder below where it is laid out."""
    path = PurePosixPath(member.name)
    return (member.isreg() or member.isdir()) and not path.is_absolute() and ".." not in path.parts


def lay_out(archive: Path, stage: Stage) -> None:
    """The server's own files, of whoever runs it here and closed to others."""
    try:
        with tarfile.open(stage.files / COPY, "r:gz") as tar:
            members = [one for one in tar if not ITS_OWN.fullmatch(one.name)]
            if not all(stays_inside(one) for one in members):
                raise damaged(archive)
            stage.pgdata.mkdir(mode=0o700)
            tar.extractall(stage.pgdata, members, **CAREFUL)  # noqa: S202  # each was looked at
    except (tarfile.TarError, OSError, EOFError):
        raise damaged(archive) from None
    (stage.files / COPY).unlink()
    for path in (stage.pgdata, *stage.pgdata.rglob("*"), wal_of(stage), *wal_of(stage).iterdir()):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if os.geteuid() == 0:
            account = cluster.server_account()
            os.chown(path, account.pw_uid, account.pw_gid)


def refuse_a_gap(moment: datetime, stage: Stage) -> None:
    """From where the copy begins to read its log, each segment after the other."""
    begun = BEGUN.search((stage.pgdata / "backup_label").read_text())
    there = {path.name.removesuffix(".gz") for path in wal_of(stage).iterdir()}
    first = begun[1] if begun else ""
    last = max(there, default=first)
    lacking = [
        name
        for number in range(segment_number(first), segment_number(last) + 1)
        if (name := segment_name(int(first[:8], 16), number)) not in there
    ]
    if lacking:
        raise Unfit(
            _(
                "Of the database's log until {moment} {count} segments are missing, the first {name}: the server did "
                "not keep them, or a file is gone from the folder. Take an earlier moment, or a backup without --at. "
                "Nothing was changed."
            ).format(moment=said(moment), count=len(lacking), name=lacking[0])
        )


def replay(moment: datetime, stage: Stage) -> None:
    """Have the server read its log up to the moment, and be another life of the county from there on."""
    pgdata = stage.pgdata
    asked = {
        "restore_command": f"gzip -dc {quote(str(wal_of(stage))).replace('%', '%%')}/%f.gz > %p",
        "recovery_target_time": moment.isoformat(),
        "recovery_target_timeline": "current",
        "recovery_target_action": "promote",
        # who asks whether it is ready is answered once it has come to the moment
        "hot_standby": "off",
    }
    with (pgdata / "postgresql.auto.conf").open("a") as file:
        file.writelines(f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in asked.items())
    signal = pgdata / "recovery.signal"
    signal.touch(mode=0o600)
    if os.geteuid() == 0:
        shutil.chown(signal, *cluster.server_account()[2:4])
    try:
        socket = cluster.start(pgdata, patience=PATIENCE)
    except Unfit:
        log = [line for line in (pgdata / "log").read_text(errors="replace").splitlines() if "FATAL" in line]
        raise Unfit(
            _("The database's log could not be read up to {moment}: {what}. Nothing was changed.").format(
                moment=said(moment), what=log[-1].partition("FATAL:")[2].strip() if log else "?"
            )
        ) from None
    try:
        with embedded.superuser(socket) as connection:
            for name in asked:
                connection.execute(f"ALTER SYSTEM RESET {name}".encode())
            row = connection.execute("SELECT timeline_id FROM pg_control_checkpoint()").fetchone()
    finally:
        embedded.stop(pgdata)
    # two that go on from the same copy would count the same one on
    line = (row[0] if row else 1) + 2 + secrets.randbelow(FURTHER)
    cluster.call(pgdata, "pg_resetwal", f"--next-wal-file={segment_name(line, 1)}", f"--pgdata={pgdata}")
