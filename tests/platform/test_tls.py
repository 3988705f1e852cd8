"""A server that cannot prove who it is gets nothing, and there is no way to go on regardless."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from sessionconsole.domain.errors import CertificateProblem, SessionConsoleError
from sessionconsole.platform.addresses import read_address
from sessionconsole.platform.http import Http, Patience
from tests.helpers import run
from tests.platform.faults import FaultServer, respond

OURS, ANOTHER = trustme.CA(), trustme.CA()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def serving(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


async def ask(server: FaultServer, verify: ssl.SSLContext | None) -> int:
    http = Http(read_address(server.address), verify=verify, patience=Patience(connect=5))
    try:
        return (await http.send("POST", "/v1/sign-in", body={"password": "secret"})).status
    finally:
        await http.close()


async def refused(tls: ssl.SSLContext, verify: ssl.SSLContext | None) -> SessionConsoleError:
    async with FaultServer(respond({}), tls=tls) as server:
        with pytest.raises(CertificateProblem) as met:
            await ask(server, verify)
        assert server.requests == []
    return met.value


def test_a_good_certificate_is_enough() -> None:
    async def story() -> None:
        async with FaultServer(respond({}), tls=serving(OURS.issue_cert("127.0.0.1"))) as server:
            assert await ask(server, trusting(OURS)) == 200

    run(story())


def test_an_authority_that_nobody_knows_is_refused() -> None:
    certificate = OURS.issue_cert("127.0.0.1")
    assert "right one" in run(refused(serving(certificate), trusting(ANOTHER))).message
    assert "right one" in run(refused(serving(certificate), None)).message


def test_a_certificate_of_another_name_is_refused() -> None:
    error = run(refused(serving(OURS.issue_cert("other.example")), trusting(OURS)))
    assert "another name" in error.message


def test_an_expired_certificate_points_to_the_clock() -> None:
    expired = OURS.issue_cert("127.0.0.1", not_before=LONG_AGO, not_after=LONG_AGO + timedelta(days=1))
    assert "date" in run(refused(serving(expired), trusting(OURS))).advice


def test_a_server_that_speaks_no_tls_is_no_safe_connection() -> None:
    async def story() -> None:
        async with FaultServer(respond({})) as server:
            server.address = server.address.replace("http://", "https://")
            http = Http(read_address(server.address), patience=Patience(connect=0.3))
            with pytest.raises(SessionConsoleError) as met:
                await http.send("GET", "/")
            assert met.value.code in ("certificate", "unreachable")
            await http.close()

    run(story())
