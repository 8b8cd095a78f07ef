"""What lies in deploy/ works as it is: nginx in front, and the unit of systemd."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import ssl
import subprocess
import threading
import tomllib
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from contextlib import closing
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from typer.main import get_command

from minqing.config.cli import app
from minqing.config.env import Env
from minqing.config.processes import REFUSED
from minqing.files.images import MAX_BYTES
from minqing.intake.storage import UPLOAD_BYTES
from tests.browser.server import free_port
from tests.embedded import ROOT
from tests.processes import until

DEPLOY = ROOT / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
PROGRAM = os.environ.get("MINQING_NGINX") or shutil.which("nginx")
PAGE = b"<html>" + b"<p>page</p>" * 500


@pytest.mark.fault(143)
def test_the_proxy_s_example_lets_through_what_the_pages_take() -> None:
    (size,) = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    pictures = settings.DATA_UPLOAD_MAX_NUMBER_FILES * MAX_BYTES
    assert int(size) * 2**20 > max(pictures, UPLOAD_BYTES)
    said = dict(re.findall(r"proxy_set_header (\S+) (\S+);", NGINX))
    assert said == {
        "Connection": '""', "Host": "$http_host", "X-Forwarded-For": "$remote_addr", "X-Forwarded-Proto": "$scheme"
    }  # fmt: skip
    assert f"proxy_pass http://127.0.0.1:{Env.model_fields['port'].default};" in NGINX


def test_no_server_of_the_example_logs_what_opens_a_household() -> None:
    servers = NGINX.split("\nserver {")[1:]
    assert [re.findall(r"listen (\d+)", one) for one in servers] == [["80"], ["443"]]
    for one in servers:
        assert re.findall(r"(access_log|error_log) \S+ (.+);", one) == [
            ("access_log", "combined if=$minqing_logged"), ("error_log", "crit")
        ]  # fmt: skip


@pytest.mark.parametrize("name", ["minqing", "minqing-drill", "minqing-watch"])
def test_the_unit_starts_a_command_that_there_is_with_settings_that_there_are(name: str) -> None:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / f"{name}.service", encoding="utf-8")
    for line in ("ExecStart", "ExecStartPost"):
        if line in unit["Service"]:
            called(unit["Service"][line].lstrip("-").split())
    # what only a person ends is not tried again and again
    assert (unit["Service"].get("RestartPreventExitStatus") == str(REFUSED)) == ("Restart" in unit["Service"])
    name, folder = unit["Service"]["Environment"].split("=")
    assert name.lower() in Env.model_fields
    assert folder == f"/var/lib/{unit['Service']['StateDirectory']}"
    assert (unit["Service"]["User"], unit["Service"]["PrivateTmp"], unit["Service"]["StateDirectoryMode"]) == (
        "minqing", "yes", "0700"
    )  # fmt: skip


def test_the_drill_is_made_each_week_with_a_key_that_only_its_own_run_is_given() -> None:
    service, timer = ((DEPLOY / f"minqing-drill.{kind}").read_text(encoding="utf-8") for kind in ("service", "timer"))
    (medium,) = re.findall(r"ConditionPathExists=(\S+)", service)
    assert f"LoadCredential=backup-key:{medium}\n" in service
    assert "drill --key %d/backup-key\n" in service
    assert re.findall(r"(?:OnCalendar|Persistent|WantedBy)=(.+)", timer) == [
        "Sun 02:30 Asia/Shanghai",
        "true",
        "timers.target",
    ]
    # as closed to everything else as the service itself
    closed = re.findall(
        r"^(?:No|Cap|Prot|Priv|Restrict\w|Lock|SystemC).*$", (DEPLOY / "minqing.service").read_text(), re.M
    )
    assert len(closed) > 12
    assert [one for one in closed if one not in service] == []


def called(words: list[str]) -> None:
    """Raises for a command or an option that there is not."""
    program, command, *rest = words
    assert program == "/opt/minqing/bin/minqing"
    get_command(app).commands[command].make_context(command, rest)  # type: ignore[attr-defined]


def test_what_watches_is_as_closed_as_what_serves_and_runs_by_the_clock() -> None:
    service, timer = ((DEPLOY / f"minqing-watch.{kind}").read_text(encoding="utf-8") for kind in ("service", "timer"))
    closed = re.findall(
        r"^(?:No|Cap|Prot|Priv|Restrict\w|Lock|SystemC).*$", (DEPLOY / "minqing.service").read_text(), re.M
    )
    assert [one for one in closed if one not in service and "RestartP" not in one] == []
    assert re.findall(r"(?:OnUnitActiveSec|WantedBy)=(.+)", timer) == ["5min", "timers.target"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_reads_the_units(tmp_path: Path) -> None:
    """With a program in the place of Minqing's, which it looks for."""
    for path in DEPLOY.glob("minqing*.*er*"):
        text = path.read_text(encoding="utf-8").replace("/opt/minqing/bin/minqing", "/bin/true")
        (tmp_path / path.name).write_text(
            text.replace("User=minqing", "User=root").replace("Group=minqing", "Group=root")
        )
    units = sorted(str(path) for path in tmp_path.iterdir())
    assert len(units) == 5
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units], capture_output=True, text=True,
        check=False, env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    told = [line for line in done.stderr.splitlines() if "minqing" in line and "Failed to" not in line]
    assert told == [], done.stderr


def instructions() -> list[tuple[str, str]]:
    """Of the Containerfile: each with its words, lines that go on put together."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n\s*", "", "\n".join(one for one in text.splitlines() if not one.startswith("#"))).splitlines()
    return [(one.partition(" ")[0], one.partition(" ")[2]) for one in lines if one]


def test_the_container_starts_commands_that_there_are_and_never_as_root() -> None:
    found = instructions()
    words = [word for word, _rest in found]
    assert {*words} <= {
        "FROM", "COPY", "RUN", "USER", "ENV", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "CMD"
    }  # fmt: skip
    assert (words[0], words[-1], words.count("FROM")) == ("FROM", "CMD", 1)
    last = dict(found)
    assert (last["USER"], last["STOPSIGNAL"], last["EXPOSE"]) == (
        "minqing",
        "SIGTERM",
        str(Env.model_fields["port"].default),
    )
    assert words.index("USER") > max(number for number, word in enumerate(words) if word == "RUN")
    called(json.loads(last["CMD"]))
    called(json.loads(last["HEALTHCHECK"].partition(" CMD ")[2]))
    for one in last["ENV"].split():
        assert one.partition("=")[0].lower() in Env.model_fields
    for word, rest in found:
        if word == "RUN":
            assert subprocess.run(["sh", "-n"], input=rest, text=True, check=False).returncode == 0
        if word == "COPY":
            assert rest.split()[0] in {"wheels", "debian-packages.txt"}, "what `make bundle` lays down"


def test_debian_s_packages_are_those_of_the_manual() -> None:
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"^apt-get install nginx (.+)$", manual, re.M)
    assert (DEPLOY / "debian-packages.txt").read_text(encoding="utf-8").split() == told.split()


@pytest.mark.skipif(shutil.which("logrotate") is None, reason="no logrotate here: apt-get install logrotate")
def test_a_log_in_a_file_is_turned_while_it_is_written(tmp_path: Path) -> None:
    kept = (DEPLOY / "logrotate").read_text(encoding="utf-8").replace("/var/log/minqing", str(tmp_path / "log"))
    config, log = tmp_path / "config", tmp_path / "log" / "minqing.log"
    config.write_text(kept.replace("su minqing minqing", ""))
    config.chmod(0o600)
    log.parent.mkdir()
    with log.open("a") as file:
        print("one", file=file, flush=True)
        command = ["logrotate", "--force", "--state", str(tmp_path / "state"), str(config)]
        subprocess.run([shutil.which("logrotate") or "", *command[1:]], check=True, capture_output=True)
        print("two", file=file, flush=True)
    assert (log.read_text(), log.with_name("minqing.log.1").read_text()) == ("two\n", "one\n")


def test_who_has_the_wheel_alone_has_what_the_manual_names() -> None:
    shared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    brought = {f"/opt/minqing/{path}" for path in shared["wheel"]["shared-data"].values()}
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    unit = (DEPLOY / "minqing.service").read_text(encoding="utf-8")
    (document,) = re.findall(r"Documentation=file://(\S+)", unit)
    (place,) = re.findall(r"exec \S+ init --tables (\S+)'", manual)
    assert Path(place).is_relative_to("/var/lib/minqing"), "where the user of the unit may write"
    assert document in brought
    for file in DEPLOY.iterdir():
        assert re.search(rf"/opt/minqing/share/minqing/{re.escape(file.name)}[ `]", manual), file.name


class Behind(BaseHTTPRequestHandler):
    """In the place of Minqing: keeps what it was told."""

    told: list[tuple[str, dict[str, str], int]] = []

    def do_GET(self) -> None:
        size = len(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        self.told.append((self.path, dict(self.headers), size))
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    do_POST = do_GET  # as the library calls it

    def log_message(self, *_words: Any) -> None:
        """Quiet."""


@pytest.fixture
def front(tmp_path: Path) -> Iterator[tuple[int, int, Path]]:
    """The example as it stands, but for ports, places and the certificate."""
    if not PROGRAM:
        pytest.skip("no nginx here: apt-get install nginx, or name it with MINQING_NGINX")
    behind = ThreadingHTTPServer(("127.0.0.1", 0), Behind)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=minqing.example"
    pair = ["openssl", *words.split(), "-keyout", "privkey.pem", "-out", "fullchain.pem"]
    subprocess.run(pair, cwd=tmp_path, check=True, capture_output=True)
    plain, secure = free_port(), free_port()
    site = NGINX
    for was, now in {
        "listen 80;": f"listen 127.0.0.1:{plain};", "listen 443 ssl;": f"listen 127.0.0.1:{secure} ssl;",
        "/etc/ssl/minqing": str(tmp_path), "/var/log/nginx": str(tmp_path), ":8000;": f":{behind.server_port};",
    }.items():  # fmt: skip
        assert was in site
        site = site.replace(was, now)
    (tmp_path / "site.conf").write_text(site)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    http = " ".join(
        [
            *(f"{one}_temp_path {tmp_path}/{one};" for one in kinds),
            f"access_log {tmp_path}/http.log;",
            f"include {tmp_path}/site.conf;",
        ]
    )
    # its own user could not go into the folder of this test
    who = "user root;" if os.geteuid() == 0 else ""
    whole = f"{who} daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ {http} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    log = ["-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "error.log")]
    process = subprocess.Popen([PROGRAM, *log], stderr=subprocess.DEVNULL)
    try:
        until(lambda: (tmp_path / "pid").exists() or process.poll() is not None)
        assert process.poll() is None, (tmp_path / "error.log").read_text()
        yield plain, secure, tmp_path
    finally:
        process.terminate()
        process.wait(20)
        behind.shutdown()
        behind.server_close()


def ask(
    made: HTTPConnection, path: str, *, body: bytes | None = None, **headers: str
) -> tuple[int, Mapping[str, str], bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(made):
        made.request("POST" if body else "GET", path, body, {"Host": "minqing.example"} | named)
        answer = made.getresponse()
        return answer.status, answer.headers, answer.read()


@pytest.mark.fault(143)
def test_nginx_in_front_works_as_the_example_stands(front: tuple[int, int, Path]) -> None:
    plain, secure, folder = front

    def safely(path: str, **more: Any) -> tuple[int, Mapping[str, str], bytes]:
        context = ssl._create_unverified_context()  # noqa: S323  # a certificate of its own making
        return ask(HTTPSConnection("127.0.0.1", secure, context=context, timeout=20), path, **more)

    status, headers, _body = ask(HTTPConnection("127.0.0.1", plain, timeout=20), "/h/canary")
    assert (status, headers["Location"]) == (301, "https://minqing.example/h/canary")
    status, headers, _body = ask(HTTPConnection("127.0.0.1", plain, timeout=20), "/diary/")
    assert (status, headers["Location"]) == (301, "https://minqing.example/diary/")
    status, headers, body = safely("/", Accept_Encoding="gzip", X_Forwarded_For="8.8.8.8", X_Forwarded_Proto="http")
    assert (status, headers["Content-Encoding"], gzip.decompress(body)) == (200, "gzip", PAGE)
    _path, told, _size = Behind.told[-1]
    said = [told[name] for name in ("Host", "X-Forwarded-For", "X-Forwarded-Proto")]
    assert said == ["minqing.example", "127.0.0.1", "https"]
    assert safely("/imports/new/", body=bytes(3 * 2**20))[0] == 200
    assert Behind.told[-1][2] == 3 * 2**20
    assert safely("/h/canary")[0] == 200
    assert safely("/healthz")[0] == safely("/readyz")[0] == 200
    assert Behind.told[-1][1]["X-Forwarded-For"] == "127.0.0.1", "whoever asks for it here too is told no more"
    assert safely("/diary/")[0] == 200
    until(lambda: "/diary/" in (folder / "minqing.log").read_text())
    assert "readyz" not in (folder / "minqing.log").read_text()
    assert "canary" not in "".join(one.read_text() for one in folder.glob("*.log"))
