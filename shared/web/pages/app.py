"""The pages: what runs here, journeys, and a door for those who may read them.

The pages hold no key and read no database. They ask the services, with the token that the reader has signed in
with; the services say what its bearer may see. The token lies in a cookie that no API looks at.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.exceptions import Forbidden, HTTPException, NotFound, abort
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from shared.kernel.clock import local
from shared.kernel.ids import JOURNEY_ID
from shared.web.addresses import client_address
from shared.web.limits import TooManyRequests
from shared.web.pages.asking import Answer, Ask, Caller, ask_all
from shared.web.pages.story import Summary, newest, summaries, tell, title_of, who

log = logging.getLogger(__name__)

SEGMENTS = ("", "journeys", "sign-in", "sign-out", "pages.css")
COOKIE = "jiushu_pages"
OWN = ("same-origin", "none")  # what Sec-Fetch-Site says of a form of ours
SHOWN = 20
LARGEST_FORM = 16 * 1024
LONGEST_TOKEN = 3500  # with its attributes a cookie may have 4096 bytes
_HERE = Path(__file__).parent
_JOURNEY = re.compile(JOURNEY_ID)
_PATH = re.compile(rf"/(journeys/{_JOURNEY.pattern})?")

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer a form says `Origin: null`, whosever it is
    "Cache-Control": "no-store",
    "Content-Language": "zh-CN",
}

REFUSED = {
    401: "令牌无效或已过期，请换一个有效的令牌。",
    403: "此令牌不能查看旅程，需要街道办事处或系统管理员的令牌，且范围为整个街道。",
}
WRONG = {
    403: "请从本站的页面提交。",
    404: "没有这个页面。",
    405: "此页面不支持这种请求方式。",
    413: "提交的内容过大。",
    429: "请求过于频繁，请稍后重试。",
    500: "页面出错了，已记录。请稍后重试。",
}


class SignInNeeded(Exception):
    """The services do not show journeys to the bearer of this token; `status` 401 or 403."""

    def __init__(self, status: int, reason: str = "") -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Pages:
    """A WSGI application. `titles` names the services that are shown, as in `网格：每件事都有网格`; `address_of` says
    from where a request comes, `admit` raises TooManyRequests for an address that asks too often."""

    def __init__(
        self,
        street: str,
        code: str,
        titles: Mapping[str, str],
        ask: Ask,
        now: Callable[[], datetime],
        address_of: Callable[[Request], str] = lambda request: client_address(request, ()),
        admit: Callable[[str], None] = lambda _address: None,
    ) -> None:
        self._titles = {name: title.partition("：")[0] for name, title in titles.items()}
        self._purposes = {name: title.partition("：")[2] for name, title in titles.items()}
        self._ask, self._address_of, self._admit = ask, address_of, admit
        self._map = Map(
            [
                Rule("/", methods=["GET"], endpoint=self._index),
                Rule("/journeys", methods=["GET"], endpoint=self._find),
                Rule("/journeys/<correlation_id>", methods=["GET"], endpoint=self._journey),
                Rule("/sign-in", methods=["GET"], endpoint=self._sign_in_page),
                Rule("/sign-in", methods=["POST"], endpoint=self._sign_in),
                Rule("/sign-out", methods=["POST"], endpoint=self._sign_out),
                Rule("/pages.css", methods=["GET"], endpoint=self._style),
            ],
            strict_slashes=False,
            merge_slashes=False,
        )
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            street=street,
            code=code,
            now=lambda: local(now()),
            titles=self._titles,
            title_of=title_of,
            who=lambda actor: who(actor, self._titles),
        )
        self._templates.filters.update(
            day=_day, minute=_minute, name=lambda name: self._titles.get(name, name)
        )

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = LARGEST_FORM
        response = self._answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        try:
            self._admit(self._address_of(request))
            endpoint, values = self._map.bind_to_environ(request.environ).match()
            if request.method == "POST" and not _is_ours(request):
                raise Forbidden()
            response: Response = endpoint(request, **values)
        except SignInNeeded as needed:
            response = self._sign_in_form(request.path, needed)
        except TooManyRequests as error:
            response = self._wrong(429)
            response.headers["Retry-After"] = str(error.retry_after)
        except HTTPException as error:
            response = self._wrong(error.code or 400)
        except Exception:  # the last line: nobody gets a stack trace
            log.exception("a page failed")
            response = self._wrong(500)
        return response

    # ---- pages

    def _index(self, request: Request) -> Response:
        caller = self._caller(request)
        ready = self._all("/readyz", Caller(address=caller.address))
        journeys: list[Summary] = []
        silent: list[str] = []
        refused = ""
        if caller.token:
            try:
                journeys, silent = self._last_journeys(caller)
            except SignInNeeded as needed:
                refused = needed.reason
        page = self._page(
            "index.html",
            services=[(name, self._purposes[name], _what_is_wrong(ready[name])) for name in self._titles],
            signed_in=bool(caller.token) and not refused,
            refused=refused,
            journeys=journeys,
            silent=silent,
        )
        if refused:
            page.delete_cookie(COOKIE)
        return page

    def _find(self, request: Request) -> Response:
        correlation_id = request.args.get("id", "").strip()
        if not _JOURNEY.fullmatch(correlation_id):
            return _see_other("/")
        return _see_other(f"/journeys/{correlation_id}")

    def _journey(self, request: Request, correlation_id: str) -> Response:
        caller = self._caller(request)
        if not _JOURNEY.fullmatch(correlation_id):
            raise NotFound()
        if not caller.token:
            raise SignInNeeded(401)
        parts, silent = self._parts(f"/journeys/{correlation_id}", caller)
        story = tell(correlation_id, parts)
        status = 200 if story else 404
        return self._page("journey.html", status, id=correlation_id, story=story, silent=silent)

    def _sign_in_page(self, request: Request) -> Response:
        return self._sign_in_form(request.args.get("to", "/"), None)

    def _sign_in(self, request: Request) -> Response:
        token = "".join(request.form.get("token", "").split())
        to = request.form.get("to", "/")
        try:
            if not token.isascii() or not token or len(token) > LONGEST_TOKEN:
                raise SignInNeeded(401, REFUSED[401])
            self._parts("/journeys?limit=1", Caller(token, self._address_of(request)))
        except SignInNeeded as needed:
            return self._sign_in_form(to, needed)
        response = _see_other(to if _PATH.fullmatch(to) else "/")
        secure = request.is_secure or request.headers.get("X-Forwarded-Proto") == "https"
        response.set_cookie(COOKIE, token, httponly=True, samesite="Strict", secure=secure)
        return response

    def _sign_out(self, _request: Request) -> Response:
        response = _see_other("/")
        response.delete_cookie(COOKIE)
        return response

    def _style(self, _request: Request) -> Response:
        headers = {"Cache-Control": "max-age=300"}
        return Response(_stylesheet(), headers=headers, content_type="text/css; charset=utf-8")

    # ---- what pages are made of

    def _caller(self, request: Request) -> Caller:
        return Caller(request.cookies.get(COOKIE), self._address_of(request))

    def _last_journeys(self, caller: Caller) -> tuple[list[Summary], list[str]]:
        parts, silent = self._parts(f"/journeys?without=registrations&limit={SHOWN}", caller)
        ids = newest(parts, SHOWN)
        if not ids:
            return [], silent
        parts, later_silent = self._parts(f"/journeys?ids={','.join(ids)}", caller)
        return summaries(ids, parts), sorted({*silent, *later_silent})

    def _parts(self, path: str, caller: Caller) -> tuple[list[Any], list[str]]:
        """What the services answered, and who did not. Raises SignInNeeded where they refuse the token, and an
        HTTPException (429) where they are asked too often."""
        answers = self._all(path, caller)
        parts = [answer.body for answer in answers.values() if answer and answer.ok]
        refusals = [answer.status for answer in answers.values() if answer and answer.status in REFUSED]
        if refusals and not parts:
            raise SignInNeeded(refusals[0], REFUSED[refusals[0]])
        if not parts and any(answer and answer.status == 429 for answer in answers.values()):
            abort(429)
        return parts, [name for name, answer in answers.items() if not (answer and answer.ok)]

    def _all(self, path: str, caller: Caller) -> dict[str, Answer | None]:
        return ask_all(self._ask, self._titles, path, caller)

    def _page(self, template: str, status: int = 200, **values: Any) -> Response:
        text = self._templates.get_template(template).render(values)
        return Response(text, status, content_type="text/html; charset=utf-8")

    def _sign_in_form(self, to: str, refused: SignInNeeded | None) -> Response:
        page = self._page(
            "sign_in.html",
            refused.status if refused else 200,
            to=to if _PATH.fullmatch(to) else "/",
            reason=refused.reason if refused else "",
        )
        if refused and refused.reason:
            page.delete_cookie(COOKIE)
        if page.status_code == 401:
            page.headers["WWW-Authenticate"] = "Bearer"
        return page

    def _wrong(self, status: int) -> Response:
        return self._page("wrong.html", status, number=status, reason=WRONG.get(status, "请求有误。"))


def _is_ours(request: Request) -> bool:
    """Whether a form of ours was sent. Without HTTPS browsers say no Sec-Fetch-Site."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None or origin is None:
        return (site or "none") in OWN
    return origin.partition("://")[2] == request.host


def _what_is_wrong(ready: Answer | None) -> str | None:
    """Why a service cannot do its work; None where it can."""
    if ready is None:
        return "没有应答"
    if ready.ok:
        return None
    said = ready.body if isinstance(ready.body, dict) else {}
    return "尚未就绪：" + "；".join(map(str, said.get("wrong") or [said.get("title", ready.status)]))


def _see_other(path: str) -> Response:
    return Response(status=303, headers={"Location": path})


@cache
def _stylesheet() -> bytes:
    return (_HERE / "pages.css").read_bytes()


def _day(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日 星期{'一二三四五六日'[at.weekday()]}"


def _minute(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
