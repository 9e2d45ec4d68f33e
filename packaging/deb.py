"""The Debian package: the app's folder, a menu entry with icon and kinds of files, metadata for software centres.

What it depends on is read from the native files that are really in the app. There are no
maintainer scripts: the system's own triggers notice the menu entry and the icon.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import drawing
import notices

from engine import __version__

HERE = Path(__file__).resolve().parent
EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
# Libraries that got another name when Debian moved to 64-bit time: either will do.
_RENAMED = ("libasound2", "libglib2.0-0")
_ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
_CONTROL = """Package: {package}
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: libasound2-plugins | pipewire-alsa, wl-clipboard, xdg-desktop-portal, speech-dispatcher
{relations}Section: utils
Priority: optional
Description: dictation for people whose speech other software does not understand
 Idiolect writes down what you say, also when you stutter, or have Parkinson's
 disease, dysarthria or another way of speaking. Press a key, speak, and the
 words appear where your cursor is. Your speech stays on your computer.
{model}"""
_WITHOUT_MODEL = " .\n The speech model (145 MB) is fetched when the program is first started.\n"
_WITH_MODEL = " .\n This edition has the speech model inside and needs no network.\n"


def build(app: Path, target: Path) -> Path:
    """The package of the app in the folder ``app``, in the folder ``target``."""
    package = app.name
    architecture = _output("dpkg", "--print-architecture").strip()
    root = target / f".{package}-deb"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(app, root / "usr/lib" / package, symlinks=True, copy_function=_linked)
    _share(root, package)
    program = root / "usr/bin/idiolect"
    program.parent.mkdir(parents=True)
    program.symlink_to(f"../lib/{package}/idiolect")
    for path in root.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    offline = (app / "_internal/assets/models").is_dir()
    other = "idiolect" if package != "idiolect" else "idiolect-offline"
    control = _CONTROL.format(
        package=package,
        version=__version__,
        architecture=architecture,
        maintainer=os.environ.get("IDIOLECT_MAINTAINER", "The Idiolect contributors <root@localhost>"),
        kilobytes=sum(path.lstat().st_size for path in root.rglob("*")) // 1024,
        depends=", ".join(dependencies(app)),
        relations=f"Conflicts: {other}\nReplaces: {other}\n",
        model=_WITH_MODEL if offline else _WITHOUT_MODEL,
    )
    (root / "DEBIAN").mkdir(mode=0o755)
    (root / "DEBIAN/control").write_text(control, "utf-8")
    made = target / f"{package}_{__version__}_{architecture}.deb"
    # Every system whose C library is new enough for Qt reads zstd; xz took far longer to pack the offline edition.
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z15", "--build", str(root), str(made)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH)})
    shutil.rmtree(root)
    return made


def _share(root: Path, package: str) -> None:
    """Everything of ``/usr/share``."""
    share = root / "usr/share"
    _text(share / "applications/idiolect.desktop", (HERE / "linux/idiolect.desktop").read_text("utf-8"))
    about = (HERE / "linux/org.idiolect.Idiolect.metainfo.xml").read_text("utf-8")
    day = time.strftime("%Y-%m-%d", time.gmtime(EPOCH))
    about = about.replace("@VERSION@", __version__).replace("@DATE@", day)
    _text(share / "metainfo/org.idiolect.Idiolect.metainfo.xml", about)
    icons = share / "icons/hicolor"
    _text(icons / "scalable/apps/idiolect.svg", drawing.SOURCE.read_text("utf-8"))
    for size in _ICON_SIZES:
        drawing.png(icons / f"{size}x{size}/apps/idiolect.png", size).chmod(0o644)
    copyright = (root / "usr/lib" / package / notices.NOTICES).read_text("utf-8")
    _text(share / "doc" / package / "copyright", f"{copyright}\nThe texts: /usr/lib/{package}/{notices.TEXTS}/\n")


def dependencies(app: Path) -> list[str]:
    """What the native files in the app ask of the system, as Debian's packages with the version of the C library."""
    inside = {path.name for path in app.rglob("*") if path.is_file()}
    needed: set[str] = set()
    newest = (0, 0)
    for path in _native(app):
        shown = _output("readelf", "-dV", str(path))
        needed |= set(re.findall(r"\(NEEDED\).*\[(.+)\]", shown)) - inside
        newest = max([newest, *(tuple(map(int, found)) for found in re.findall(r"GLIBC_(\d+)\.(\d+)", shown))])
    known = dict(re.findall(r"^\s*(\S+) .*=> (\S+)$", _output("/sbin/ldconfig", "-p"), re.MULTILINE)[::-1])
    packages = set()
    for library in sorted(needed - {"linux-vdso.so.1"}):
        if library not in known:
            raise SystemExit(f"{library} is needed but neither in the app nor on this computer.")
        packages.add(_package(known[library]))
    packages.discard("libc6")
    return [f"libc6 (>= {newest[0]}.{newest[1]})", *sorted(_either(name) for name in packages)]


def _either(package: str) -> str:
    plain = package.removesuffix("t64")
    return f"{plain} | {plain}t64" if plain in _RENAMED else package


def _package(library: str) -> str:
    for path in (library, os.path.realpath(library), library.removeprefix("/usr"), os.path.realpath(library)[4:]):
        asked = subprocess.run(["dpkg-query", "-S", path], capture_output=True, text=True)
        if asked.returncode == 0:
            return asked.stdout.split(":")[0]
    raise SystemExit(f"{library} is needed but belongs to no package.")


def _native(app: Path) -> list[Path]:
    return [
        path
        for path in sorted(app.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.open("rb").read(4) == b"\x7fELF"
    ]


def _linked(source: str, target: str) -> None:
    """Hard links: nothing in the folder is changed, and the disk need not hold it twice."""
    os.link(source, target)


def _text(path: Path, contents: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(contents, "utf-8")
    path.chmod(0o644)


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
