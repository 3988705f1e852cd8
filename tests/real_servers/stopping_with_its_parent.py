"""Run a module of this environment until standard input closes, so that no server outlives its test.

python -P stopping_with_its_parent.py MODULE [ARGUMENT ...]
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading


def _leave_when_told() -> None:
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=_leave_when_told, daemon=True).start()
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
