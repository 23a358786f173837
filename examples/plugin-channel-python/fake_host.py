"""A twin of the host for tests: settings, a secret and a scripted platform. Import it before the plugin.

The plugin runs as plain Python, in a debugger if you like. Its records are made of the contract in wit/ by componentize-py;
only the functions behind them are these.
"""

import hashlib
import hmac as hashing
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, List

HERE = Path(__file__).parent
BINDINGS = HERE / "build" / "bindings"


def make_bindings() -> None:
    shutil.rmtree(BINDINGS, ignore_errors=True)
    tool = Path(sys.executable).with_name("componentize-py")
    subprocess.run(
        [tool, "--wit-path", HERE / "wit", "--world", "channel-plugin", "bindings", BINDINGS],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    sys.path.insert(0, str(BINDINGS))


make_bindings()

from componentize_py_types import Err  # noqa: E402
from wit_world.imports import host_crypto, host_env, host_http  # noqa: E402
from wit_world.imports.types import HttpRequest, HttpResponse  # noqa: E402


class Host:
    """What the plugin sees of the host."""

    def __init__(self, *answers: Any, url: str = "https://shop.example.org/hook", secret: str = "0123456789abcdef"):
        self.answers: List[Any] = list(answers)
        self.requests: List[HttpRequest] = []
        self.url, self.secret = url, secret
        host_env.config = self.config
        host_crypto.hmac, host_crypto.verify_hmac = self.hmac, self.verify_hmac
        host_http.send = self.send

    def config(self) -> str:
        return json.dumps({"url": self.url, "secret": "{{secret:secret}}"})

    def hmac(self, alg: str, secret: str, data: bytes) -> bytes:
        assert secret == "secret", f"there is no secret «{secret}»"
        return hashing.new(self.secret.encode(), data, getattr(hashlib, alg)).digest()

    def verify_hmac(self, alg: str, secret: str, data: bytes, mac: bytes) -> bool:
        return hashing.compare_digest(self.hmac(alg, secret, data), mac)

    def send(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        assert self.answers, "a request that no test expects"
        answer = self.answers.pop(0)
        if isinstance(answer, Err):
            raise answer
        return answer


def answer(status: int, body: str = "", **headers: str) -> HttpResponse:
    """An answer of the platform; `_` in the names of headers stands for `-`."""
    return HttpResponse(status, [(name.replace("_", "-"), value) for name, value in headers.items()], body.encode())
