"""Makes the packaged app: PyInstaller, then notices, bill of materials and packages. Run by ``packaging/build``.

On Windows and macOS the release workflow runs it directly.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = ROOT / "build" / "packaging"
DIST = ROOT / "dist"
APP = DIST / "idiolect"
OFFLINE = DIST / "idiolect-offline"
EPOCH = 1767225600  # 2026-01-01
sys.path[:0] = [str(ROOT), str(HERE)]

import contents  # noqa: E402
import notices  # noqa: E402
import sbom  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(prog="packaging/build", description="Build the packaged app.")
    parser.add_argument("--offline", action="store_true", help="also the edition with the model base inside")
    parser.add_argument("--deb", action="store_true", help="also a Debian package of each edition")
    parser.add_argument("--if-needed", action="store_true", help="keep a build that was made from these sources")
    args = parser.parse_args()

    wanted = fingerprint()
    _unless_kept(args.if_needed, APP, wanted, build)
    editions = [APP]
    if args.offline:
        if sys.platform == "darwin":
            raise SystemExit("The offline edition is made on Linux and Windows: on macOS import the model instead.")
        _unless_kept(args.if_needed, OFFLINE, wanted, build_offline)
        editions.append(OFFLINE)
    for folder in editions:
        print(f"{folder}: {size(folder) / 1e6:.0f} MB")
        if args.deb:
            import deb

            package = deb.build(folder, DIST)
            print(f"{package}: {package.stat().st_size / 1e6:.0f} MB")
    return 0


def _unless_kept(keep: bool, folder: Path, wanted: str, make: Callable[[], None]) -> None:
    """Run ``make``, unless ``folder`` may be kept and was made from the same sources."""
    stamp = WORK / f"{folder.name}-built-from.txt"
    if keep and folder.is_dir() and stamp.is_file() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    make()
    stamp.write_text(wanted)


def build() -> None:
    """PyInstaller's run, then what is made from its result."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    command += ["--distpath", str(DIST), "--workpath", str(WORK), str(HERE / "idiolect.spec")]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    describe(APP)
    bundle = DIST / "Idiolect.app"
    if bundle.is_dir():
        _complete_bundle(bundle)


def _complete_bundle(bundle: Path) -> None:
    """macOS: the notices go into the bundle, which is what people get; its seal is renewed for them."""
    resources = bundle / "Contents" / "Resources"
    for name in (notices.NOTICES, "sbom.cdx.json"):
        shutil.copyfile(APP / name, resources / name)
    shutil.copytree(APP / notices.TEXTS, resources / notices.TEXTS, dirs_exist_ok=True)
    identity = os.environ.get("IDIOLECT_MAC_IDENTITY")
    hardened = ["--options", "runtime", "--timestamp"] if identity else []
    command = ["codesign", "--force", "--sign", identity or "-", *hardened]
    command += ["--entitlements", str(HERE / "macos" / "entitlements.plist"), str(bundle)]
    subprocess.run(command, check=True)


def build_offline() -> None:
    """The same app with the model base in it, so that it never needs a network."""
    shutil.rmtree(OFFLINE, ignore_errors=True)
    shutil.copytree(APP, OFFLINE, symlinks=True)
    source = _model("base")
    target = OFFLINE / "_internal" / "assets" / "models" / "base"
    target.mkdir(parents=True)
    for path in contents.model_files(source):
        shutil.copyfile(path, target / path.name)
    _warm_up(target)
    seal(target)
    language = shutil.copytree(_language(), target.with_name("language"), copy_function=shutil.copyfile)
    language.chmod(0o755)  # everybody's, as the model's files
    describe(OFFLINE)


def describe(folder: Path) -> None:
    """The notices and the bill of materials of the app in ``folder``."""
    components = notices.collect(WORK / "idiolect" / "origins.json", folder)
    notices.write(components, folder)
    sbom.write(components, folder / "sbom.cdx.json")


def _warm_up(model: Path) -> None:
    """Make what is made of a model at its first use: the int8 copy and the decoder's graphs."""
    from engine.options import EngineOptions
    from engine.transcriber import Transcriber

    Transcriber(EngineOptions(model=str(model)))


def seal(model: Path) -> None:
    """Give a bundled model whole-second times, which archives keep, and write them in its record.

    The engine takes a model whose times differ from its record for changed and computes
    the sum of its weights at every start.
    """
    files = [path for path in model.iterdir() if path.is_file()]
    for path in files:
        path.chmod(0o644)
    record_file = model / "idiolect.json"
    record = json.loads(record_file.read_text("utf-8"))
    for noted in record["files"].values():
        noted["mtime_ns"] = EPOCH * 10**9
    record_file.write_text(json.dumps(record, indent=1), "utf-8")
    for path in files:
        os.utime(path, ns=(EPOCH * 10**9, EPOCH * 10**9))


def size(folder: Path) -> int:
    """Bytes of all files; links count once."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def fingerprint() -> str:
    """Changes when a file that goes into the app does."""
    digest = hashlib.sha256()
    files = [ROOT / "pyproject.toml", ROOT / "constraints.txt"]
    for name in ("app", "engine", "assets", "packaging"):
        files += sorted(path for path in (ROOT / name).rglob("*") if path.is_file())
    for path in files:
        if {"__pycache__", "checks"} & set(path.parts) or path.name.startswith("environment."):
            continue
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _language() -> Path:
    from engine.language_files import verify_language

    return verify_language()


def _model(name: str) -> Path:
    from engine import models

    return models.locate(models.models_dir() / name)


if __name__ == "__main__":
    sys.exit(main())
