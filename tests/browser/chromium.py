"""A headless Chromium, spoken to over two pipes in its own DevTools protocol: no driver and no port."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: How Debian, other systems and Google name it.
NAMES = ("chromium", "chromium-browser", "google-chrome")


def program() -> str | None:
    """The browser on this machine; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


#: Seconds without a word from the browser after which it is given up.
PATIENCE = 60


class Browser:
    """One tab. Every method waits for its answer; what the browser refuses is a RuntimeError."""

    def __init__(self, reading: int, writing: int) -> None:
        self._answers = os.fdopen(reading, "rb")
        self._orders = os.fdopen(writing, "wb")
        self._buffer = b""
        self._count = 0
        self._events: list[dict[str, Any]] = []
        self._session: str | None = None
        tab = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=tab, flatten=True)["sessionId"]
        self.ask("Page.enable")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._count += 1
        order = {"id": self._count, "method": method, "params": params}
        if self._session:
            order["sessionId"] = self._session
        self._orders.write(json.dumps(order).encode() + b"\0")
        self._orders.flush()
        while True:
            said = self._next()
            if said.get("id") == self._count:
                if "error" in said:
                    raise RuntimeError(f"{method}: {said['error']['message']}")
                return said["result"]
            self._events.append(said)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            if not select.select([self._answers], [], [], PATIENCE)[0]:
                raise RuntimeError(f"the browser has said nothing for {PATIENCE} seconds")
            read = os.read(self._answers.fileno(), 1 << 16)
            if not read:
                raise RuntimeError("the browser is gone")
            self._buffer += read
        said, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(said)

    # ── What a reader does ───────────────────────────────────────────────────────────────────────────────────────

    def look(self, *, width: int = 1200, height: int = 900, dark: bool = False, script: bool = True) -> None:
        """The size of the window, the reader's colours, and whether pages may run scripts."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        colours = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[colours])
        self.ask("Emulation.setScriptExecutionDisabled", value=not script)

    def open(self, page: Path) -> None:
        self._events.clear()
        self.ask("Page.navigate", url=page.resolve().as_uri())
        while not any(said["method"] == "Page.loadEventFired" for said in self._events):
            self._events.append(self._next())

    def evaluate(self, expression: str) -> Any:
        """The value of an expression of JavaScript in the page; a promise is awaited."""
        done = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in done:
            raise RuntimeError(done["exceptionDetails"])
        return done["result"].get("value")

    def words(self) -> list[str]:
        """Every visible text of the page, as the browser lays it out; needs no script in the page."""
        shot = self.ask("DOMSnapshot.captureSnapshot", computedStyles=[])
        strings = shot["strings"]
        return [strings[n] for n in shot["documents"][0]["layout"]["text"] if n >= 0]

    def screenshot(self) -> bytes:
        """The whole page as PNG, however long it is."""
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
        whole = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 16_000), "scale": 1}
        return base64.b64decode(
            self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=whole)["data"]
        )

    def printed(self) -> bytes:
        """The page as it would be printed: a PDF on the paper that the style sheet names."""
        return base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])

    def close(self) -> None:
        with contextlib.suppress(RuntimeError, OSError):
            self._session = None
            self.ask("Browser.close")
        self._answers.close()
        with contextlib.suppress(OSError):
            self._orders.close()


@contextlib.contextmanager
def started(command: str) -> Iterator[Browser]:
    """A browser with an empty profile. Its sandbox is off only for root, who cannot have one."""
    orders_out, orders_in = os.pipe()
    answers_out, answers_in = os.pipe()

    def place() -> None:  # the protocol wants its pipes at 3 and 4
        for descriptor, at in ((os.dup(orders_out), 3), (os.dup(answers_in), 4)):
            os.dup2(descriptor, at)

    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        words = [command, "--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage",
                 "--no-first-run", "--hide-scrollbars", f"--user-data-dir={profile}", *root]  # fmt: skip
        running = subprocess.Popen(
            words, preexec_fn=place, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(orders_out)
        os.close(answers_in)
        try:
            browser = Browser(answers_out, orders_in)
        except BaseException:
            running.kill()
            raise
        try:
            yield browser
        finally:
            browser.close()
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()
