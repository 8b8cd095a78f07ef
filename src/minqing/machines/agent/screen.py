"""The machine's screen: a page on 127.0.0.1 with a picture that changes, and the same in text.

The page asks for itself anew; it needs no script, and the browser of a machine is often an old one.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import segno

from minqing.core.language import sentences
from minqing.machines.agent.cycle import Agent

_ = sentences(__name__)
EVERY = 3
STYLE = """
body{margin:0;font:1.25rem/1.5 system-ui,"Noto Sans SC",sans-serif;background:#0d3b37;color:#fff;text-align:center}
main{max-width:40rem;margin:0 auto;padding:1.5rem}h1{font-size:2rem;margin:.5rem}a{color:inherit}
.picture{background:#fff;display:inline-block;padding:1rem;border-radius:1rem}
.picture svg{display:block;width:16rem;height:16rem}
ul{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.75rem}
li{background:#14534d;border-radius:.75rem;padding:.75rem}li b{display:block;font-size:1.6rem}
.gone{opacity:.6}.rang{background:#f5c04f;color:#222;border-radius:1rem;padding:1rem;font-size:2.5rem;font-weight:700}
"""


def address(agent: Agent) -> str:
    """Where the picture leads; empty where nothing can be chosen now."""
    code = agent.screen_code()
    return f"{agent.link.server}/v/{agent.link.code}/{code}" if code else ""


def why_not(agent: Agent) -> str:
    if agent.shown.refused in {"cloned", "machine_unknown", "older_boot"}:
        return _("Out of order. Please tell the village committee: this machine needs a new key.")
    if agent.shown.locked:
        return _("Closed just now.")
    return _("No connection just now. Please wait.")


def page(agent: Agent) -> str:
    to, rang = address(agent), agent.rang()
    if to:
        picture = segno.make(to, error="m").svg_inline(border=1, omitsize=True, title=_("Scan with your phone"))
        middle = f'<p>{_("Scan with your phone")}</p><a class="picture" href="{html.escape(to)}">{picture}</a>'
    else:
        middle = f"<p>{html.escape(why_not(agent))}</p>"
    bell = f'<p class="rang" role="status">{_("Ding! Please take it out.")}</p>' if rang else ""
    rows = "".join(slot(one) for one in agent.shown.slots)
    title = html.escape(_("Goods for points"))
    return (
        f'<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="{EVERY}">'
        f"<style>{STYLE}</style></head><body><main><h1>{title}</h1>{bell}{middle}<ul>{rows}</ul></main></body></html>"
    )


def slot(one: Any) -> str:
    left = _("sold out") if one["closed"] or not one["stock"] else _("{points} points").format(points=one["price"])
    gone = ' class="gone"' if one["closed"] or not one["stock"] else ""
    return f"<li{gone}><b>{one['number']}</b>{html.escape(one['name'])}<br>{left}</li>"


def text(agent: Agent) -> str:
    """The same for a display of a few lines, or a terminal."""
    lines = [_("Ding! Please take it out.")] if agent.rang() else []
    lines.append(address(agent) or why_not(agent))
    for one in agent.shown.slots:
        lines.append(f"{one['number']:>3}  {one['name']}  " + _("{points} points").format(points=one["price"]))
    return "\n".join(lines)


def serve(agent: Agent, port: int) -> ThreadingHTTPServer:
    """Only for the machine itself: 127.0.0.1, and nothing but this page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer("text/plain", text) if self.path == "/text" else self.answer("text/html", page)

        def answer(self, media: str, made: Callable[[Agent], str]) -> None:
            body = made(agent).encode()
            self.send_response(200)
            self.send_header("Content-Type", f"{media}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: object) -> None:
            """What the screen asks for every few seconds is no news."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
