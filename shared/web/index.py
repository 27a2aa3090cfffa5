"""The page at `/`: what runs here, in Chinese first. Made on the server; no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.suite import Running

_PAGE = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>九树 · {street}</title>
<style>
  body {{ font: 1.125rem/1.7 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #1a2b22;
         background: #f6f8f4; margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem; }}
  h1 {{ font-size: 2rem; margin: 0; }} h1 small {{ font-size: 1rem; font-weight: normal; color: #4a5c52; }}
  ul {{ list-style: none; padding: 0; display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }}
  li {{ background: #fff; border-left: .4rem solid #2e7d4f; padding: .75rem 1rem; }}
  li p {{ margin: .25rem 0; }} a {{ color: #1c5f38; }} code {{ font-size: .95em; }}
</style>
<h1>九树 <small>Jiushu</small></h1>
<p>{street}（{code}）的“四同”共治服务正在运行。<br><span lang="en">The co-governance services of this sub-district are running.</span></p>
<ul>
{services}
</ul>
<p>每个接口都需要访问令牌：<code>jiushu token create --role street</code></p>
</html>
"""

_SERVICE = """<li><strong>{name}</strong> <p>{title}</p>
<p><a href="/{name}/v1/healthz">存活</a> · <a href="/{name}/v1/readyz">就绪</a></p></li>"""


def index_page(
    services: Sequence[Running],
) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """A WSGI application that shows the services of this process."""
    settings = services[0].settings
    rows = [
        _SERVICE.format(name=running.application.name, title=escape(running.application.definition.title))
        for running in services
    ]
    page = _PAGE.format(
        street=escape(settings.street_name), code=settings.street_code, services="\n".join(rows)
    )

    def answer(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [page.encode()]

    return answer
