"""Serve the test site on loopback until standard input closes.

Reads one JSON line (the options, see `tests/allauth_server.py`) and prints one JSON line when it listens:
`{"port": int, "recovery_codes": {username: [code, ...]}}`. As the site lives no longer than its standard
input, a test run that dies takes it along.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from tests.allauth_site.settings import DATABASE, REQUEST_LOG, site_settings

BACKLOG = 128  # Django's own server holds ten; a test may open more at once


def main() -> None:
    options: dict[str, Any] = json.loads(sys.stdin.readline())
    folder = Path(options["folder"])
    is_new = not (folder / DATABASE).exists()
    settings.configure(**site_settings(folder, **options["settings"]))
    application = _noting(folder / REQUEST_LOG, get_wsgi_application())
    codes = _populate(options["people"]) if is_new else {}
    server = _listening(options["port"])
    server.set_app(application)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    print(json.dumps({"port": server.server_port, "recovery_codes": codes}), flush=True)  # noqa: T201
    sys.stdin.read()
    server.shutdown()
    server.server_close()


def _noting(log: Path, application: Any) -> Any:
    """The application, with a line in the log for each request before its answer leaves: method, path, status."""
    log.touch()

    def noted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        def start(status: str, *rest: Any) -> Any:
            with log.open("a", encoding="utf-8") as lines:
                lines.write(
                    f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {status.split(maxsplit=1)[0]}\n"
                )
            return start_response(status, *rest)

        return application(environ, start)

    return noted


def _listening(port: int) -> Any:
    server = ThreadedWSGIServer(("127.0.0.1", port), WSGIRequestHandler, bind_and_activate=False)
    server.request_queue_size = BACKLOG
    server.server_bind()
    server.server_activate()
    return server


def _populate(people: list[dict[str, str | None]]) -> dict[str, list[str]]:
    """Create the tables and the people; return the recovery codes of those with a second factor."""
    call_command("migrate", verbosity=0, interactive=False)
    # Models exist only once Django is set up.
    from allauth.account.models import EmailAddress
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP
    from django.contrib.auth import get_user_model

    codes: dict[str, list[str]] = {}
    for person in people:
        username = str(person["username"])
        user = get_user_model().objects.create_user(username, person["email"], person["password"])
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        if secret := person["totp_secret"]:
            TOTP.activate(user, secret)
            codes[username] = RecoveryCodes.activate(user).generate_codes()
    return codes


if __name__ == "__main__":
    main()
