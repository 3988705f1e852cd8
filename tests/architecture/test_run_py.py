"""run.py sets a fresh machine up, and tells every failure in one sentence."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run_py() -> Any:
    spec = importlib.util.spec_from_file_location("run_py", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_needs_the_standard_library_only() -> None:
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {name.split(".")[0] for name in imported} <= set(sys.stdlib_module_names)


def test_an_older_python_can_read_it() -> None:
    """Otherwise an old Python answers with a syntax error where the sentence about its version should be."""
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 15)])
def test_another_python_is_told_which_ones_fit(run_py: Any, version: tuple[int, int]) -> None:
    with pytest.raises(run_py.Problem, match=r"3\.11 to 3\.14"):
        run_py.check_python(version)


@pytest.mark.parametrize("version", [(3, 11), (3, 14)])
def test_the_pythons_that_fit_are_welcome(run_py: Any, version: tuple[int, int]) -> None:
    run_py.check_python(version)


UNTRUSTED = """WARNING: Retrying after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL:
CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate'))'
ERROR: No matching distribution found for anyio==4.16.0"""

UNREACHABLE = """WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError('<...>: Failed to
establish a new connection: [Errno 111] Connection refused')': /simple/anyio/
ERROR: No matching distribution found for anyio==4.16.0"""


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (UNTRUSTED, "PIP_CERT"),
        ("ERROR: An OSError: Could not find a suitable TLS CA certificate bundle, invalid path", "PIP_CERT"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "requirements.lock names",
        ),
        (UNREACHABLE, "Check the network"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "No space left on device"),
        (
            "ERROR: No matching distribution found for PySide6-Essentials==6.11.3",
            "No matching distribution found for PySide6-Essentials==6.11.3",
        ),
        ("ERROR: Something nobody has seen before.\nmore words", "Something nobody has seen before"),
        ("", "no reason given"),
    ],
)
def test_what_pip_said_becomes_one_sentence(run_py: Any, output: str, told: str) -> None:
    sentence = run_py.pip_trouble(output)

    assert told in sentence
    assert "\n" not in sentence


def test_a_pip_that_fails_is_a_sentence_and_never_a_traceback(run_py: Any, tmp_path: Path) -> None:
    pip = tmp_path / "pip.py"
    pip.write_text(
        "import sys; print('ERROR: [Errno 28] No space left on device'); sys.exit(2)", encoding="utf-8"
    )

    with pytest.raises(run_py.Problem, match=r"could not be installed: .* No space left on device"):
        run_py.pip_install([sys.executable, str(pip)])


def test_a_copy_without_network_ends_with_one_sentence(tmp_path: Path) -> None:
    """The real thing: a real environment, the real pip, and an index that nobody answers for."""
    (tmp_path / "run.py").write_bytes((ROOT / "run.py").read_bytes())
    (tmp_path / "requirements.lock").write_text(
        f"nobody-has-this==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8"
    )
    unreachable = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_RETRIES": "0",
    }

    done = subprocess.run(
        [sys.executable, "run.py", "doctor"],
        cwd=tmp_path,
        env={**os.environ, **unreachable},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith(
        "run.py: the libraries could not be installed: the package index cannot be reached."
    )
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / ".venv" / "made-from").exists(), "a half-made environment must be made again"


def test_what_npm_said_becomes_one_sentence(run_py: Any) -> None:
    output = """npm error code ENOTFOUND
npm error network request failed, reason: getaddrinfo ENOTFOUND
npm error network This is a problem related to network connectivity."""

    assert run_py.npm_trouble(output) == "network request failed, reason: getaddrinfo ENOTFOUND"


def test_what_was_made_is_not_made_again_and_half_a_job_is(run_py: Any, tmp_path: Path) -> None:
    made: list[str] = []

    def half_a_job() -> None:
        made.append("half")
        raise run_py.Problem("the network went away")

    with pytest.raises(run_py.Problem):
        run_py.make_once(tmp_path, "lock 1", "a server", half_a_job)
    for lock in ("lock 1", "lock 1", "lock 2"):
        run_py.make_once(tmp_path, lock, "a server", lambda: made.append("whole"))

    assert made == ["half", "whole", "whole"]


def test_a_server_that_cannot_be_installed_does_not_keep_the_tests_from_running(
    run_py: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "never_heard_of_it_site"
    site.mkdir()
    (site / "requirements.lock").write_text("not a requirement at all\n", encoding="utf-8")
    run_py.SERVERS, run_py.SERVER_ENVIRONMENTS = tmp_path, tmp_path / "environments"

    run_py.prepare_servers_if_possible()

    assert "the tests that need it are skipped" in capsys.readouterr().err
    assert not (tmp_path / "environments" / "never_heard_of_it" / "made-from").exists()


@pytest.mark.needs("apt-get")
def test_what_the_system_lacks_is_one_command_on_a_line_of_its_own(run_py: Any) -> None:
    with pytest.raises(run_py.Problem) as told:
        run_py.install_packages({"Xvfb": "xvfb", "xdotool": "xdotool"}, as_root=False)

    assert "lacks Xvfb, xdotool." in str(told.value)
    assert "    sudo apt-get install -y --no-install-recommends xvfb xdotool\n" in str(told.value)


def test_the_environment_is_made_anew_when_the_lock_changes(run_py: Any, tmp_path: Path) -> None:
    run_py.LOCK = tmp_path / "requirements.lock"
    run_py.LOCK.write_text("anyio==4.16.0\n", encoding="utf-8")
    before = run_py.fingerprint()

    assert run_py.fingerprint() == before
    run_py.LOCK.write_text("anyio==4.16.1\n", encoding="utf-8")
    assert run_py.fingerprint() != before


def test_newer_debians_get_the_name_they_know(run_py: Any, tmp_path: Path) -> None:
    assert run_py.debian_names(["libegl1", "libglib2.0-0"], tmp_path) == ["libegl1", "libglib2.0-0"]

    (tmp_path / "libssl3t64:amd64.list").touch()

    assert run_py.debian_names(["libegl1", "libglib2.0-0"], tmp_path) == ["libegl1", "libglib2.0-0t64"]


def test_the_lock_is_hashed_and_names_no_server() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = [line for line in lock.splitlines() if "==" in line.split(" ;")[0]]

    assert "://" not in lock
    assert "index" not in lock
    assert len(pinned) > 40
    assert lock.count("--hash=sha256:") >= len(pinned)
