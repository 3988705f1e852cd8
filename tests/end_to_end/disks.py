"""Small disks of their own, to be filled or made read-only; only where the test may mount one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


class Disk:
    """One megabyte of memory as a disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fill(self) -> None:
        """Leave no room for a single page."""
        with (self.path / "ballast").open("ab", 0) as ballast, suppress(OSError):
            while True:
                ballast.write(b"x" * 4096)

    def make_room(self) -> None:
        """Nothing is in the way any more."""
        (self.path / "ballast").unlink()

    def writable(self, yes: bool) -> None:
        """Make it read-only, or mend that."""
        _mount("-o", f"remount,{'rw' if yes else 'ro'}", str(self.path))


@contextmanager
def small_disk(path: Path) -> Iterator[Disk]:
    """Mounted there while the block runs; skips the test where that is not allowed."""
    path.mkdir()
    if sys.platform != "linux" or shutil.which("mount") is None:
        pytest.skip("needs Linux and mount")
    try:
        _mount("-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(path))
    except subprocess.CalledProcessError:
        pytest.skip("mounting a disk is allowed to root only")
    try:
        yield Disk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True, timeout=10)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, timeout=10, capture_output=True)
