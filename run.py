#!/usr/bin/env python3
"""Set up and run sessionconsole on a machine that has only Python.

    python3 run.py demo            the console on the embedded demo platform
    python3 run.py test [--all]    lint, types, import contracts and tests; --all adds the slow ones
    python3 run.py check           lint, types and import contracts only
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
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
ENVIRONMENT = ROOT / ".venv"
OLDEST, NEWEST = (3, 11), (3, 14)

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
}
RENAMED_FOR_TIME64 = {"libglib2.0-0": "libglib2.0-0t64"}  # Debian 13, Ubuntu 24.04 and newer

PIP_TROUBLES = {  # what to look for in pip's output -> what it means; the first that is found is told
    r"CERTIFICATE_VERIFY_FAILED|SSLError|TLS CA certificate bundle": """the certificate of the package index is not
        trusted here. Set PIP_CERT to the file with your site's certificates and run this again""",
    r"DO NOT MATCH THE HASHES": """a download is not the file that requirements.lock names. Run this again; if it
        stays so, something on the way changes downloads""",
    r"No space left on device": "the disk is full. Make room (about 600 MB) and run this again",
    r"NewConnectionError|Timeout|ProxyError|Connection (broken|reset)|name resolution|MaxRetryError|NameResolution": """
        the package index cannot be reached. Check the network (behind a proxy, set HTTPS_PROXY) and run this again""",
    r"No matching distribution found": """a library of requirements.lock has no ready-made file for this machine, or
        is not on your package index""",
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
        prepare_environment()
        if command in ("test", "check"):
            return check_and_test(command, rest)
        if command == "screenshots":
            hand_over(str(ROOT / "tools" / "screenshots.py"), *rest)
        hand_over("-m", "sessionconsole", *arguments)
    except Problem as problem:
        print(f"run.py: {problem}.", file=sys.stderr)
    except KeyboardInterrupt:
        print("run.py: stopped.", file=sys.stderr)
    return 1


def check_python(version: tuple[int, ...]) -> None:
    if not OLDEST <= version <= NEWEST:
        raise Problem(
            f"sessionconsole runs on Python {dotted(OLDEST)} to {dotted(NEWEST)}, and this is {dotted(version)}."
            f" Start it with another one, for example: python{dotted(OLDEST)} run.py"
        )


def dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


# --------------------------------------------------------------------------------- system packages


def prepare_system(command: str) -> None:
    """Make sure of what pip cannot bring; only commands that open a window need Qt's libraries."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        install_packages([f"python{dotted(sys.version_info[:2])}-venv"], "Python here lacks its venv module")
    if not sys.platform.startswith("linux"):
        return
    if command in ("", "demo", "test", "screenshots"):
        missing = missing_libraries()
        install_packages([QT_LIBRARIES[name] for name in missing], f"Qt needs {', '.join(missing)}")
    if command in ("test", "screenshots"):
        programs = [name for name in TEST_PROGRAMS if shutil.which(name) is None]
        try:
            install_packages(
                [TEST_PROGRAMS[name] for name in programs], f"some tests need {', '.join(programs)}"
            )
        except Problem as problem:  # those tests are skipped, and say so; with CI=true they fail
            print(f"run.py: {problem}.", file=sys.stderr)


def missing_libraries() -> list[str]:
    missing = []
    for name in QT_LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


def install_packages(packages: list[str], why: str) -> None:
    """Install Debian packages when we are root; otherwise a Problem with the one line that does it."""
    if not packages:
        return
    if shutil.which("apt-get") is None:
        raise Problem(f"{why}: install it with the package manager of your system, and run this again")
    install = ["apt-get", "install", "-y", "--no-install-recommends", *debian_names(packages)]
    if os.geteuid() != 0:
        raise Problem(f"{why}. Run this once: sudo {' '.join(install)}")
    print(f"run.py: {why}; installing {' '.join(packages)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update"], install):
        done = subprocess.run(
            step, env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode != 0:
            raise Problem(f"{why}, and this did not work: {' '.join(step)} ({last_line(done.stdout)})")


def debian_names(packages: list[str], dpkg: Path = Path("/var/lib/dpkg/info")) -> list[str]:
    if not any(dpkg.glob("*t64*.list")):
        return packages
    return [RENAMED_FOR_TIME64.get(package, package) for package in packages]


# --------------------------------------------------------------------------------------- libraries


def prepare_environment() -> None:
    """Make .venv hold exactly the locked libraries; the stamp is written last, so half a job is done again."""
    stamp = ENVIRONMENT / "made-from"
    if (
        stamp.is_file()
        and stamp.read_text(encoding="utf-8") == fingerprint()
        and environment_python().exists()
    ):
        return
    print("run.py: installing the libraries into .venv (once; a minute or so)", flush=True)
    try:
        stamp.unlink(missing_ok=True)
        make = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
        made = subprocess.run(make, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if made.returncode != 0:
            raise Problem(f"cannot make {ENVIRONMENT}: {last_line(made.stdout)}")
        pip_install([str(environment_python()), "-m", "pip"])
        source = sysconfig.get_path(
            "purelib", "venv", {"base": str(ENVIRONMENT), "platbase": str(ENVIRONMENT)}
        )
        (Path(source) / "sessionconsole.pth").write_text(f"{ROOT / 'src'}\n", encoding="locale")
        stamp.write_text(fingerprint(), encoding="utf-8")
    except OSError as error:
        raise Problem(f"cannot write {ENVIRONMENT}: {error.strerror or error}") from None


def fingerprint() -> str:
    """What an environment is made from: the lock, the Python, and the folder it stands in."""
    parts = (LOCK.read_bytes(), sys.version.encode(), os.fsencode(sys.base_prefix), os.fsencode(ROOT))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def environment_python() -> Path:
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def pip_install(pip: list[str]) -> None:
    """Install the lock, ready-made files only; Problem with one sentence when pip fails."""
    options = ["--require-hashes", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "install", *options, "--progress-bar", "off", "--retries", "2", "-r", str(LOCK)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise Problem(f"the libraries could not be installed: {pip_trouble(done.stdout)}")


def pip_trouble(output: str) -> str:
    for pattern, told in PIP_TROUBLES.items():
        if re.search(pattern, output):
            return " ".join(told.split())
    errors = [line for line in output.splitlines() if line.startswith("ERROR:")]
    return (errors[0] if errors else last_line(output)).removeprefix("ERROR:").strip(" .")


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


# ------------------------------------------------------------------------------------------ running


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
    here = environment_python().parent
    environment = {
        "QT_QPA_PLATFORM": "offscreen",
        **os.environ,
        "PATH": f"{here}{os.pathsep}{os.environ['PATH']}",
    }
    for program, *words in steps:
        print(f"run.py: {program} {' '.join(words)}", flush=True)
        if code := subprocess.run(
            [str(here / program), *words], cwd=ROOT, env=environment, check=False
        ).returncode:
            print(f"run.py: {program} found something, see above.", file=sys.stderr)
            return code
    return 0


def hand_over(*words: str) -> None:
    """Become the program, so that signals, standard input and the exit code are its own."""
    command = [str(environment_python()), *words]
    if os.name == "posix":
        os.execv(command[0], command)
    sys.exit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
