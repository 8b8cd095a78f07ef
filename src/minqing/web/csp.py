"""Content-Security-Policy for django-csp: nothing from elsewhere, nothing inline without the nonce."""

from __future__ import annotations

from csp.constants import NONCE, NONE, SELF
from csp.decorators import csp_update

CONTENT_SECURITY_POLICY: dict[str, object] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

scan_page = csp_update({"script-src": "'wasm-unsafe-eval'"})
"""Decorator for the one page that reads QR codes: its fallback decoder is WebAssembly."""
