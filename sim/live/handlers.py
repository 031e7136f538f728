"""What is answered at each address: the page, its files and its downloads, each behind the guard."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl, quote

from tornado.web import HTTPError

from sim.live import saved
from sim.live.guarded import Guarded
from sim.live.served import media_type
from sim.live.state import Refused, from_query


class Page(Guarded):
    """``/``: lets in who brings the token, shows the page to who was let in."""

    def _lets_in(self) -> bool:
        self._token = self.get_query_argument("token", "")
        return self.served.guard.token_is_right(self._token)

    def get(self) -> None:
        """The page; with the token in its address, a cookie first, and then the page without it."""
        if self._token:
            guard = self.served.guard
            if guard.token_is_right(self._token):
                self.set_cookie(guard.cookie_name, guard.cookie, httponly=True, samesite="Lax", path="/")
            chinese = self.get_query_argument("lang", "") == "zh"
            self.redirect("/?lang=zh" if chinese else "/", status=303)
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.served.assets["page.html"])


class Asset(Guarded):
    """``/page/…``: the page's script, style and icon."""

    def get(self, name: str) -> None:
        """One of the page's files, from memory."""
        kind = media_type(name)
        if kind is None or name not in self.served.assets:
            raise HTTPError(404)
        self.set_header("Content-Type", f"{kind}; charset=utf-8")
        self.finish(self.served.assets[name])


class Catalogue(Guarded):
    """``/catalogue.json``."""

    def get(self) -> None:
        """What the page knows from the start."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(self.served.catalogue)


class Download(Guarded):
    """``/download/…``: what can be taken away."""

    async def get(self, kind: str) -> None:
        """The view of the query as a scenario, or what comes of it."""
        served, query = self.served, self.request.query
        try:
            name, _, rest = query.partition("&")
            view = from_query(rest)
            wanted = saved.saving(view, served.stage.book, _named(name))
            if kind == "toml":
                content = saved.toml(wanted, served.source, served.stage.quarters).encode()
            else:
                job = asyncio.get_running_loop().run_in_executor
                content = await job(served.loader, saved.result, wanted, served.stage, kind)
        except Refused as error:
            self.set_status(400)
            self.write_error(400, exc_info=(Refused, error, None))
            return
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(wanted.name, safe='')}.{kind}")
        self.finish(content)


def _named(pair: str) -> str:
    """The name in ``.name=…``, with which the query of a download begins."""
    found = parse_qsl(pair, keep_blank_values=True, max_num_fields=1)
    if len(found) != 1 or found[0][0] != ".name":
        raise Refused("the address: found no name for the scenario, expected .name=… before all else")
    return found[0][1]
