"""A small OpenID Connect provider over real HTTP: discovery, keys that rotate, and tokens as the test wants them."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

AUDIENCE = "jiushu"
MADE = {
    "RS256": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "PS256": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}


class SmallProvider:
    """Publishes the keys that it signs with. `asked` counts requests by path; none is answered while the `gate` is
    closed."""

    def __init__(self):
        self.asked = Counter()
        self.keys = {}
        self.answers = {}
        self.came, self.gate = threading.Event(), threading.Event()
        self.gate.set()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                provider.asked[self.path] += 1
                provider.came.set()
                provider.gate.wait(30)
                status, body = provider.answers.get(self.path) or provider.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self._server.server_port}/realms/jiushu"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path):
        if path.endswith("/.well-known/openid-configuration"):
            return 200, json.dumps({"issuer": self.issuer, "jwks_uri": f"{self.issuer}/certs"}).encode()
        if path.endswith("/certs"):
            return 200, json.dumps({"keys": [self.published(kid) for kid in self.keys]}).encode()
        return 404, b""

    def sign_with(self, kid, algorithm="RS256"):
        """From now on there is this key too."""
        self.keys[kid] = (MADE[algorithm](), algorithm)

    def published(self, kid):
        key, algorithm = self.keys[kid]
        form = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
        form.pop("key_ops", None)
        return {**form, "kid": kid, "use": "sig", "alg": algorithm}

    def token(self, kid, *, algorithm=None, key=None, header=None, **claims):
        own, own_algorithm = self.keys.get(kid) or (None, None)
        content = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "staff-7",
            "exp": int(time.time()) + 300,
            "jiushu_role": "community",
            "jiushu_scope": "place:p1",
            **claims,
        }
        content = {name: value for name, value in content.items() if value is not None}
        headers = {"kid": kid, **(header or {})}
        return jwt.encode(content, key or own, algorithm or own_algorithm, headers=headers)
