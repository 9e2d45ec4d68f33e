"""Makes the packaged app: PyInstaller, then notices, bill of materials and packages. Run by ``packaging/build``.

On Windows and macOS the release workflow runs it directly.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = ROOT / "build" / "packaging"
DIST = ROOT / "dist"
APP = DIST / "idiolect"
sys.path[:0] = [str(ROOT), str(HERE)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="packaging/build", description="Build the packaged app.")
    parser.add_argument("--offline", action="store_true", help="with the model base inside")
    parser.add_argument("--deb", action="store_true", help="a Debian package too")
    parser.add_argument("--if-needed", action="store_true", help="keep a build that was made from these sources")
    args = parser.parse_args()

    edition = "offline" if args.offline else "standard"
    wanted = f"{edition} {fingerprint()}"
    stamp = WORK / "built-from.txt"
    if not (args.if_needed and APP.is_dir() and stamp.is_file() and stamp.read_text() == wanted):
        stamp.unlink(missing_ok=True)
        build([_model("base")] if args.offline else [])
        stamp.write_text(wanted)
    megabytes = size(APP) / 1e6
    print(f"{APP}: {megabytes:.0f} MB ({edition} edition)")
    if args.deb:
        import deb

        print(f"{deb.build(APP, DIST, edition)}: {deb.target(DIST, edition).stat().st_size / 1e6:.0f} MB")
    return 0


def build(models: list[Path]) -> None:
    """PyInstaller's run, then what is made from its result."""
    import notices
    import sbom

    environment = {
        **os.environ,
        "IDIOLECT_BUNDLED_MODELS": os.pathsep.join(str(model) for model in models),
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",
    }
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    command += ["--distpath", str(DIST), "--workpath", str(WORK), str(HERE / "idiolect.spec")]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    for folder in _app_folders():
        for model in models:
            seal(next(folder.rglob(f"models/{model.name}")))
        components = notices.collect(WORK / "idiolect" / "origins.json", folder)
        notices.write(components, folder)
        sbom.write(components, folder / "sbom.cdx.json")


def _app_folders() -> list[Path]:
    """Where the licences go: into the bundle on macOS, which is what people get there."""
    bundle = DIST / "Idiolect.app" / "Contents" / "Resources"
    return [APP, bundle] if bundle.is_dir() else [APP]


def seal(model: Path) -> None:
    """Give a bundled model whole-second times, which archives keep, and write them in its record.

    The engine takes a model whose times differ from its record for changed and computes
    the sum of its weights at every start.
    """
    files = [path for path in model.iterdir() if path.is_file()]
    for path in files:
        os.utime(path, ns=(EPOCH * 10**9, EPOCH * 10**9))
        path.chmod(0o644)
    record_file = model / "idiolect.json"
    record = json.loads(record_file.read_text("utf-8"))
    for noted in record["files"].values():
        noted["mtime_ns"] = EPOCH * 10**9
    record_file.write_text(json.dumps(record, indent=1), "utf-8")
    os.utime(record_file, ns=(EPOCH * 10**9, EPOCH * 10**9))


EPOCH = 1767225600  # 2026-01-01


def size(folder: Path) -> int:
    """Bytes of all files; links count once."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def fingerprint() -> str:
    """Changes when a file that goes into the app does."""
    digest = hashlib.sha256()
    files = [ROOT / "pyproject.toml", ROOT / "constraints.txt"]
    for name in ("app", "engine", "assets", "packaging"):
        files += sorted(path for path in (ROOT / name).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    for path in files:
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _model(name: str) -> Path:
    from engine import models

    return models.locate(models.models_dir() / name)


if __name__ == "__main__":
    sys.exit(main())
