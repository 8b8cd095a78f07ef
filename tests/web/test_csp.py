"""The headers every answer carries."""

from __future__ import annotations

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("gallery")


def directives(header: str) -> dict[str, list[str]]:
    return {part.split()[0]: part.split()[1:] for part in header.split(";") if part.strip()}


def test_nothing_is_allowed_that_is_not_named(client: Client) -> None:
    found = directives(client.get("/")["Content-Security-Policy"])
    assert found["default-src"] == found["frame-ancestors"] == found["base-uri"] == ["'none'"]
    assert found["style-src"] == found["connect-src"] == found["form-action"] == ["'self'"]
    words = {word for values in found.values() for word in values}
    assert not {"'unsafe-inline'", "'unsafe-eval'", "'wasm-unsafe-eval'", "*"} & words


def test_scripts_carry_the_nonce_of_the_answer_and_it_changes(client: Client) -> None:
    nonces = set()
    for _ in range(2):
        response = client.get("/")
        nonce = next(
            word[7:-1]
            for word in directives(response["Content-Security-Policy"])["script-src"]
            if word.startswith("'nonce-")
        )
        scripts = re.findall(r"<script([^>]*)>", response.content.decode())
        assert all(f'nonce="{nonce}"' in script for script in scripts if "application/json" not in script)
        nonces.add(nonce)
    assert len(nonces) == 2


def test_only_the_page_with_the_scanner_may_run_webassembly(client: Client) -> None:
    scanner = directives(client.get("/resident/")["Content-Security-Policy"])
    assert "'wasm-unsafe-eval'" in scanner["script-src"]
    assert "'self'" in scanner["script-src"]


def test_camera_and_place_are_for_us_alone(client: Client) -> None:
    response = client.get("/")
    assert "camera=(self)" in response["Permissions-Policy"]
    assert "microphone=()" in response["Permissions-Policy"]
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_small_page_loads_no_heavy_module(client: Client) -> None:
    page = client.get("/rows/").content.decode()
    assert not re.search(r"dist/(geo|scan|photos)\.", page)
