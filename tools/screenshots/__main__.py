"""Take pictures of the real window on real (virtual) X displays.

python3 run.py screenshots                     the chosen few, into docs/pictures
python3 run.py screenshots FOLDER [WORD ...]   every scene, size, scale and look, into FOLDER;
                                               with WORDs only those whose file name has one of them
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # whichever folder it is started from


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py screenshots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="where every picture goes")
    parser.add_argument("words", nargs="*", help="only pictures whose file name has one of them")
    parser.add_argument("--sheet", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.sheet:
        from tools.screenshots.camera import take_sheet

        return take_sheet(given.sheet, given.folder, given.words)
    if shutil.which("Xvfb") is None:
        sys.stderr.write("screenshots: Xvfb is not installed. On Debian or Ubuntu: apt-get install xvfb\n")
        return 1
    return _chosen() if given.folder is None else _everything(given.folder, given.words)


def _chosen() -> int:
    """The pictures of the documents: the story on the demo platform, and some scenes by their new names."""
    from tools.screenshots import story
    from tools.screenshots.optimising import optimise
    from tools.screenshots.sheets import CHOSEN

    folder = ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scenes:
        failed = story.main(folder) or _everything(Path(scenes), [f"={name}" for name in CHOSEN])
        for name, new_name in CHOSEN.items() if not failed else ():
            shutil.copyfile(Path(scenes) / f"{name}.png", folder / f"{new_name}.png")
    for picture in sorted(folder.glob("*.png")):
        optimise(picture)
    return failed


def _everything(folder: Path, words: list[str]) -> int:
    """One process and one display for each sheet, because neither can change its size or scale."""
    from tools.screenshots.display import virtual_display
    from tools.screenshots.sheets import SHEETS, wanted

    folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    for sheet in SHEETS:
        if not wanted(sheet, words):
            continue
        with virtual_display(sheet.size) as display:
            environment = {
                **os.environ,
                "DISPLAY": display,
                "QT_QPA_PLATFORM": "xcb",
                "QT_SCALE_FACTOR": str(sheet.scale),
            }
            environment.pop("WAYLAND_DISPLAY", None)
            command = [sys.executable, str(Path(__file__).parent), str(folder), *words, "--sheet", sheet.name]
            failed |= subprocess.run(command, env=environment, check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
