"""A JupyterHub for the tests: its hub alone, no proxy, no notebooks; options come from the environment."""

from __future__ import annotations

import json
import os
from typing import Any

from jupyterhub.proxy import Proxy

wishes = json.loads(os.environ["SITE_WISHES"])


class NoProxy(Proxy):  # type: ignore[misc]
    """Nothing stands before the hub: it is asked directly."""

    should_start = False

    async def add_route(self, routespec: str, target: str, data: Any) -> None:
        pass

    async def delete_route(self, routespec: str) -> None:
        pass

    async def get_all_routes(self) -> dict[str, Any]:
        return {}


c: Any = get_config()  # type: ignore[name-defined]  # noqa: F821  - JupyterHub gives it to its configuration
c.JupyterHub.bind_url = f"http://127.0.0.1:{wishes['port']}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{wishes['port']}"
c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.JupyterHub.cookie_secret_file = "cookie_secret"
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.DummyAuthenticator.password = wishes["password"]
c.Authenticator.allow_all = True
c.JupyterHub.services = [{"name": "registry", "api_token": wishes["registry_token"]}]
c.JupyterHub.load_roles = [
    {"name": "registry", "scopes": ["admin:users", "list:users"], "services": ["registry"]}
]
