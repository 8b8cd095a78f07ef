"""Somebody in front of a machine: they scan its screen and choose, and send the same again until they are answered."""

from __future__ import annotations

import threading
import time
from collections import Counter
from random import Random
from uuid import uuid4

from minqing.core.browser import Answer, Browser, Lost, form_of

PATIENCE = 60.0
# as long as a page may be kept open after a scan, with some to spare
FORM_SECONDS = 200.0
TWICE = 0.05


class Person:
    """``chosen``: the ids that were acknowledged; ``refused``: how often nothing was to be had, by the answer."""

    def __init__(self, browser: Browser, code: str, slots: int, dice: Random, counts: Counter[str]) -> None:
        self.browser, self.code, self.slots, self.dice, self.counts = browser, code, slots, dice, counts
        self.chosen: list[str] = []
        self.refused: Counter[str] = Counter()
        self.form: dict[str, str] = {}
        self.read_at = float("-inf")

    def choose(self, picture: str) -> str:
        """The id of what was acknowledged; empty where it was refused, or nobody answered for too long."""
        end = time.monotonic() + PATIENCE
        id = str(uuid4())
        while time.monotonic() < end:
            try:
                if not self.opened(picture):
                    return ""
                number = str(self.dice.randint(1, self.slots))
                given = self.form | {"request_id": id, "number": number}
                return self.sent(f"/v/{self.code}/{picture}/choose", given, id, end)
            except Lost:
                time.sleep(0.2)
        return ""

    def opened(self, picture: str) -> bool:
        """The page with the form, of this scan or of one a short while ago."""
        if time.monotonic() - self.read_at > FORM_SECONDS:
            answer = self.browser.get(f"/v/{self.code}/{picture}?slot=1")
            self.form = form_of(answer.page, "/choose")
            self.refused[f"scans without a form {answer.status}"] += not self.form
            self.read_at = time.monotonic() if self.form else self.read_at
        return bool(self.form)

    def sent(self, path: str, given: dict[str, str], id: str, end: float) -> str:
        if self.dice.random() < TWICE:
            self.counts["tapped twice at once"] += 1
            threading.Thread(target=self.tap, args=(path, given), daemon=True).start()
        while time.monotonic() < end:
            answer = self.tap(path, given)
            if answer is None:
                time.sleep(0.2)
            elif answer.status == 302:
                self.chosen.append(id)
                return id
            else:
                self.refused[f"choices refused {answer.status}"] += 1
                # a picture that is over, or a phone that is not known any more, is read anew
                self.read_at = self.read_at if answer.status == 409 else float("-inf")
                return ""
        return ""

    def tap(self, path: str, given: dict[str, str]) -> Answer | None:
        try:
            return self.browser.post(path, given)
        except Lost:
            return None
