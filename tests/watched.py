"""Runs a program without a network and writes down whom it calls and which files it writes. Linux only.

Three nets, one behind the other. ``unshare`` gives the program a network namespace with nothing
in it, so nothing gets out whatever it tries. An audit hook is put into every Python process, the
engine's spawned one included: it notes and refuses every address that is not on this machine.
``strace`` sees what no audit hook sees: sockets that Qt, PortAudio, CTranslate2 or ONNX Runtime
open by themselves, and every file that is created, written, moved or deleted.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What every Python process runs before anything else. Standard library only.
_HOOK = """
import json, logging, os, sys
_name = os.path.join(os.environ["WATCHED_FOLDER"], f"python.{os.getpid()}")
_file = os.open(_name, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
def _note(event, what):
    os.write(_file, (json.dumps([event, what]) + "\\n").encode())
_note("start", sys.orig_argv)
def _watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.bind", "socket.sendmsg"):
        address = arguments[1]
        if isinstance(address, (str, bytes)) or address is None:
            return  # a Unix socket: this machine
        _note(event, repr(address))
        raise OSError(101, "Network is unreachable")
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "urllib.Request"):
        if arguments[0] in ("localhost", "127.0.0.1", None):
            return
        _note(event, repr(arguments[0]))
        raise OSError(101, "Network is unreachable")
sys.addaudithook(_watch)
logging.basicConfig(level=logging.DEBUG, filename=os.path.join(os.environ["WATCHED_FOLDER"], f"log.{os.getpid()}"))
logging.debug("watched: %s", sys.orig_argv)
"""
_CALLS = "socket,socketpair,open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat,rename,renameat,renameat2"
_MORE = "link,linkat,symlink,symlinkat,truncate,unlink,unlinkat,bind,chdir"
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Watch:
    """``folder`` takes the notes; it is not the program's own."""

    folder: Path

    @property
    def isolated(self) -> bool:
        """Whether a network namespace can be had here."""
        words = ["unshare", "--map-current-user", "--net", "true"]
        return shutil.which("unshare") is not None and subprocess.run(words, capture_output=True).returncode == 0

    @property
    def traced(self) -> bool:
        """Whether ``strace`` can be used here."""
        if shutil.which("strace") is None:
            return False
        words = ["strace", "-f", "--seccomp-bpf", "-o", os.devnull, "-e", "trace=socket", "true"]
        return subprocess.run(words, capture_output=True).returncode == 0

    def start(self, words: list[str], environment: dict[str, str], **more: Any) -> subprocess.Popen[str]:
        """Start ``words`` (the first one usually ``sys.executable``) without a network, watched."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "sitecustomize.py").write_text(_HOOK)
        before = environment.get("PYTHONPATH")
        environment = environment | {
            "WATCHED_FOLDER": str(self.folder),
            "PYTHONPATH": f"{self.folder}{os.pathsep}{before}" if before else str(self.folder),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        wrapped = ["unshare", "--map-current-user", "--net"] if self.isolated else []
        if self.traced:
            wrapped += ["strace", "-ff", "--seccomp-bpf", "-qq", "-s", "4096", "-e", f"trace={_CALLS},{_MORE}"]
            wrapped += ["-e", "signal=none", "-o", str(self.folder / "calls")]
        return subprocess.Popen([*wrapped, *words], env=environment, text=True, start_new_session=True, **more)

    def end(self, process: subprocess.Popen[str]) -> None:
        """End what was started, with all its children: ``strace`` alone would leave them running."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def processes(self) -> list[list[str]]:
        """The command line of every Python process that was watched."""
        return [what for event, what in self._notes() if event == "start"]

    def attempts(self) -> list[str]:
        """Every attempt to reach something that is not on this machine."""
        found = [f"{event} {what}" for event, what in self._notes() if event != "start"]
        for line in self._calls():
            family = re.match(r"socket\((\w+)", line)
            if family and family[1] not in ("AF_UNIX", "AF_LOCAL"):
                found.append(line)
        return found

    def touched(self) -> set[Path]:
        """Every path that was created, written, moved, linked or deleted, or was meant to be."""
        found = set()
        for line in self._calls():
            call = line.partition("(")[0]
            if call in ("open", "openat", "openat2"):
                if not re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", line):
                    continue
            elif call in ("socket", "socketpair", "chdir"):
                continue
            found |= {Path(path) for path in _QUOTED.findall(line)}
        return found

    def read(self) -> set[Path]:
        """Every file that was opened for reading and was there."""
        return {
            Path(_QUOTED.findall(line)[0])
            for line in self._calls()
            if line.startswith("open") and " = -1 " not in line and not re.search("O_DIRECTORY|O_WRONLY", line)
        }

    def logs(self) -> str:
        """All that was given to Python's logging, down to DEBUG."""
        return "".join(path.read_text("utf-8", "replace") for path in sorted(self.folder.glob("log.*")))

    def _notes(self) -> list[tuple[str, Any]]:
        notes = []
        for path in sorted(self.folder.glob("python.*")):
            notes += [tuple(json.loads(line)) for line in path.read_text("utf-8").splitlines()]
        return notes

    def _calls(self) -> list[str]:
        lines = []
        for path in sorted(self.folder.glob("calls.*")):
            lines += path.read_text("utf-8", "replace").splitlines()
        return lines
