"""The django-allauth server of the tests does what the end-to-end tests take for granted."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.allauth_server import AllauthServer, Client

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"
)
ANDROID = "BookingApp/4.12.0 (Android 14; Pixel 8) okhttp/4.12.0"

RECOVERY_CODES = "account/authenticators/recovery-codes"

OFFICE, HOTEL, ABROAD = "198.51.100.23", "192.0.2.144", "2001:db8:85a3::8a2e:370:7334"


@pytest.fixture(scope="module")
def running() -> Iterator[AllauthServer]:
    with AllauthServer() as server:
        yield server
        assert server.complaints() == ""


@pytest.fixture
def server(running: AllauthServer) -> AllauthServer:
    running.end_all()
    return running


def test_clients_are_listed_with_their_own_device_and_address(server: AllauthServer) -> None:
    desk = server.login_as_client(FIREFOX, OFFICE)
    phone = server.login_as_client(IPHONE, ABROAD)
    guide = server.login_as_client(ANDROID, HOTEL)

    listed = {(s["id"], s["user_agent"], s["ip"], s["is_current"]) for s in desk.sessions()}

    assert listed == {
        (desk.session_id, FIREFOX, OFFICE, True),
        (phone.session_id, IPHONE, ABROAD, False),
        (guide.session_id, ANDROID, HOTEL, False),
    }
    assert [(s.username, s.ip) for s in server.sessions_in_database()] == [
        ("kim", OFFICE),
        ("kim", ABROAD),
        ("kim", HOTEL),
    ]


def test_an_ended_client_is_refused_with_its_own_token(server: AllauthServer) -> None:
    desk = server.login_as_client(FIREFOX, OFFICE)
    phone = server.login_as_client(IPHONE, ABROAD)
    id_of_phone = phone.session_id
    assert phone.works()

    answer = desk.request("DELETE", "auth/sessions", {"sessions": [id_of_phone]})

    assert answer.status == 200
    assert [s["is_current"] for s in answer.body["data"]] == [True]
    assert phone.status() == 410
    assert desk.status() == 200
    assert server.requests()[-3:] == [
        "DELETE auth/sessions 200",
        "GET auth/session 410",
        "GET auth/session 200",
    ]

    again = desk.request("DELETE", "auth/sessions", {"sessions": [id_of_phone]})
    assert (again.status, again.errors) == (400, ["invalid_choice"])


def test_ending_ones_own_session_is_answered_with_401(server: AllauthServer) -> None:
    desk = server.login_as_client(FIREFOX, OFFICE)

    assert desk.request("DELETE", "auth/session").status == 401
    assert desk.status() == 410


def test_nobody_ends_the_session_of_another_person(server: AllauthServer) -> None:
    desk = server.login_as_client(FIREFOX, OFFICE)
    clerk = server.login_as_client(ANDROID, HOTEL, server.clerk)

    answer = clerk.request("DELETE", "auth/sessions", {"sessions": [desk.session_id]})

    assert (answer.status, answer.errors) == (400, ["invalid_choice"])
    assert desk.works()


def test_rows_deleted_behind_the_scenes_make_tokens_dead(server: AllauthServer) -> None:
    desk = server.login_as_client(FIREFOX, OFFICE)
    phone = server.login_as_client(IPHONE, ABROAD)
    guide = server.login_as_client(ANDROID, HOTEL)

    server.end(phone)
    assert [desk.status(), phone.status(), guide.status()] == [200, 410, 200]

    server.end_all(keep=[desk])
    assert [desk.status(), phone.status(), guide.status()] == [200, 410, 410]
    assert [s["user_agent"] for s in desk.sessions()] == [FIREFOX]
    with pytest.raises(LookupError):
        _ = guide.session_id


def test_a_wrong_password_is_refused(server: AllauthServer) -> None:
    answer = server.request(
        "POST", "auth/login", {"username": server.username, "password": "wrong"}, ip=HOTEL
    )

    assert (answer.status, answer.errors) == (400, ["username_password_mismatch"])


@pytest.mark.parametrize("token", ["", "never-handed-out"])
def test_without_a_live_token_there_is_no_list(server: AllauthServer, token: str) -> None:
    answer = server.request("GET", "auth/sessions", token=token)

    assert answer.status == (410 if token else 401)


def test_a_code_of_the_second_factor_is_taken_once(server: AllauthServer) -> None:
    code = server.totp_code()

    first = _second_factor(server, code)
    second = _second_factor(server, code)
    third = _second_factor(server, server.totp_code())

    assert first == (200, [])
    assert second == (400, ["incorrect_code"])
    assert third == (200, [])


def test_the_second_factor_brings_a_new_token(server: AllauthServer) -> None:
    half = server.request("POST", "auth/login", {"username": server.username, "password": server.password})
    whole = server.request(
        "POST", "auth/2fa/authenticate", {"code": server.recovery_code()}, token=half.token
    )

    assert (half.status, "mfa_authenticate" in half.flows) == (401, True)
    assert whole.status == 200
    assert whole.token not in ("", half.token)


def test_what_guards_the_account_asks_for_password_or_code_again(server: AllauthServer) -> None:
    desk = server.login_as_client(FIREFOX, OFFICE)

    asked = desk.request("GET", RECOVERY_CODES)
    assert (asked.status, asked.body["meta"]["is_authenticated"]) == (401, True)
    assert asked.flows == ["reauthenticate", "mfa_reauthenticate"]
    assert desk.sessions(), "the list itself asks for nothing again"

    wrong = desk.request("POST", "auth/reauthenticate", {"password": "wrong"})
    assert (wrong.status, wrong.errors) == (400, ["incorrect_password"])
    assert desk.request("POST", "auth/reauthenticate", {"password": server.password}).status == 200
    assert desk.request("GET", RECOVERY_CODES).status == 200

    server.age_factors(desk, seconds=301)
    assert desk.request("GET", RECOVERY_CODES).status == 401
    assert desk.request("POST", "auth/2fa/reauthenticate", {"code": server.totp_code()}).status == 200
    assert desk.request("GET", RECOVERY_CODES).status == 200


def test_many_devices_may_sign_in_at_the_same_moment() -> None:
    with AllauthServer(rate_limits=False) as server:

        def sign_in(number: int) -> Client:
            return server.login_as_client(f"Tablet {number}", f"192.0.2.{number}", server.clerk)

        with ThreadPoolExecutor(24) as pool:
            tablets = list(pool.map(sign_in, range(1, 25)))

        assert all(tablet.works() for tablet in tablets)


def test_no_secret_shows_in_a_failing_test(server: AllauthServer) -> None:
    desk = server.login_as_client(FIREFOX, OFFICE)
    answer = server.request("POST", "auth/login", {"username": server.username, "password": server.password})

    shown = repr([desk, answer, server.sessions_in_database(), server, server.manager])

    assert answer.token
    for secret in (desk.token, answer.token, server.password, server.totp_secret):
        assert secret not in shown


@pytest.mark.parametrize(
    ("rate_limits", "sixth"), [(True, "too_many_login_attempts"), (False, "username_password_mismatch")]
)
def test_rate_limits_can_be_switched_off(rate_limits: bool, sixth: str) -> None:
    with AllauthServer(rate_limits=rate_limits) as server:
        guess = {"username": server.username, "password": "guess"}
        answers = [server.request("POST", "auth/login", guess, ip=ABROAD) for _ in range(6)]

    assert [answer.errors for answer in answers] == [["username_password_mismatch"]] * 5 + [[sixth]]


def test_sessions_outlive_a_restart_and_nothing_outlives_the_block() -> None:
    with AllauthServer() as server:
        first_process, port, folder = server._process, server.port, server._path
        desk = server.login_as_client(FIREFOX, OFFICE)

        server.stop()
        assert first_process is not None
        assert first_process.poll() == 0
        with pytest.raises(ConnectionRefusedError):
            desk.status()
        assert [s.ip for s in server.sessions_in_database()] == [OFFICE]

        server.start()
        assert server.port == port
        assert desk.works()
        assert server.login_as_client(IPHONE, ABROAD).works()
        second_process = server._process

    assert second_process is not None
    assert second_process.poll() == 0
    assert not server.running
    assert not folder.exists()


def test_a_connection_left_open_does_not_hold_the_server_back() -> None:
    with AllauthServer() as server:
        process = server._process
        kept = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        kept.request("GET", "/_allauth/app/v1/config")
        assert kept.getresponse().read()
        silent = socket.create_connection(("127.0.0.1", server.port), timeout=5)

    assert process is not None
    assert process.poll() == 0
    kept.close()
    silent.close()


def test_a_server_that_does_not_come_up_says_why_and_leaves_nothing() -> None:
    server = AllauthServer(totp_tolerance=1)
    server._settings["no_such_setting"] = True

    with pytest.raises(RuntimeError, match="no_such_setting"), server:
        pass  # pragma: no cover

    assert not server.running
    assert server._folder is None


def _second_factor(server: AllauthServer, code: str) -> tuple[int, list[str]]:
    half = server.request("POST", "auth/login", {"username": server.username, "password": server.password})
    whole = server.request("POST", "auth/2fa/authenticate", {"code": code}, token=half.token)
    return whole.status, whole.errors
