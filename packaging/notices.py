"""The third parties' notices, made from what is really in the packaged app.

``collect`` goes through every file of the app's folder and every Python module in it, and
finds whose it is: a Python distribution of the build's environment, a library inside one
(``components.toml``), a Debian package, Python, or Idiolect's own. A file that nobody
owns stops the build: nothing is shipped unsaid. ``write`` puts ``licences/`` and
``THIRD_PARTY_NOTICES.txt`` into the folder.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
NOTICES = "THIRD_PARTY_NOTICES.txt"
TEXTS = "licences"
_LICENCE_FILE = re.compile(r"^(licen[cs]e|copying|notice|copyright|authors|thirdparty)", re.IGNORECASE)
# Made by PyInstaller from files that are listed by themselves.
_GENERATED = re.compile(r"(^|/)(base_library\.zip|(idiolect|Idiolect|idiolect-cli)(\.exe)?)$")
# Licences that forbid to ship something in a program that is not under the GPL itself.
_GPL = re.compile(r"\bA?GPL-|^A?GPL|GNU General Public", re.IGNORECASE)
_NATIVE = re.compile(r"\.(so|dll|dylib|pyd)(\.|$)|\.framework/")


@dataclass
class Component:
    """Something that somebody else made. ``licence`` is an SPDX expression where one is known."""

    name: str
    version: str
    licence: str
    source: str
    kind: str  # "python", "library", "system", "run time" or "data"
    note: str = ""
    texts: dict[str, str] = field(default_factory=dict)  # name of the file in licences/, contents
    files: list[str] = field(default_factory=list)
    inside: list[dict[str, Any]] = field(default_factory=list)  # CycloneDX components linked into it

    @property
    def is_gpl(self) -> bool:
        """Whether its licence would oblige the whole app: the GPL without an exception."""
        return bool(_GPL.search(self.licence)) and "exception" not in self.licence and "LGPL" not in self.licence


class UnknownFile(SystemExit):
    """A file in the app's folder that nobody is known to have made."""


def collect(origins: Path, folder: Path) -> list[Component]:
    """Everything of others in the app at ``folder``, which was built from the files of ``origins``."""
    listed = json.loads(origins.read_text("utf-8"))
    found = {component.name: replace(component, files=[]) for component in (_python(), _bootloader())}
    sources = {Path(name).as_posix(): source for name, source in listed["files"]}
    for path in _inner(folder):
        name = path.relative_to(_inner_root(folder)).as_posix()
        if _GENERATED.search(name) or path.name == NOTICES or name.startswith(f"{TEXTS}/") or name == "sbom.cdx.json":
            continue
        source = sources.get(name) or _framework_source(name, sources)
        if name.startswith("assets/models/"):
            source = str(path)  # put there after the build: the offline edition
        _note(found, name, source, set(listed["empty"]))
    for name, source in listed["modules"]:
        if source not in ("-", "None"):  # built in, or a namespace without a file
            _note(found, f"{name} (module)", source, set())
    return sorted(found.values(), key=lambda component: component.name.casefold())


def from_environment(names: Iterable[str]) -> list[Component]:
    """The components of installed distributions, without a build: for tests and for a look."""
    found: dict[str, Component] = {}
    for name in names:
        distribution = Distribution.from_name(name)
        for file in distribution.files or ():
            path = Path(str(distribution.locate_file(file)))
            if path.is_file() and "__pycache__" not in path.parts and "dist-info" not in str(file):
                _note(found, str(file), str(path), set())
    return sorted(found.values(), key=lambda component: component.name.casefold())


def _inner_root(folder: Path) -> Path:
    return next((path for path in (folder / "_internal", folder.parent / "Frameworks") if path.is_dir()), folder)


def _inner(folder: Path) -> Iterable[Path]:
    return (path for path in sorted(_inner_root(folder).rglob("*")) if path.is_file() and not path.is_symlink())


def _framework_source(name: str, sources: dict[str, str]) -> str | None:
    """macOS: PyInstaller puts frameworks together from their parts."""
    return next((source for known, source in sources.items() if name.endswith(known)), None)


def _note(found: dict[str, Component], name: str, source: str | None, empty: set[str]) -> None:
    """Add the file ``name``, which was ``source`` on this machine, to the component it belongs to."""
    if Path(name).name in empty:
        return  # ours: packaging/empty_libraries.py
    if source is None or source in ("-", "None"):
        raise UnknownFile(f"{name} is in the app, but nobody knows where it came from: see packaging/notices.py.")
    component = _owner(name, Path(source))
    if component is not None:
        known = found.setdefault(component.name, replace(component, files=[]))
        if name not in known.files:
            known.files.append(name)


def _owner(name: str, source: Path) -> Component | None:
    """Whose it is; None for our own."""
    distribution = _owners().get(os.path.realpath(source))
    if distribution is None and not _is_python(source) and ROOT not in source.parents:
        package = _debian_package(source)
        if package is not None:
            return package
    table = _described(name, distribution)
    if table is not None:
        return table
    if distribution is not None:
        if distribution.startswith("pyinstaller"):
            return _bootloader()
        if Path(name).parts[0].endswith(".libs") or "/.dylibs/" in name:
            raise UnknownFile(f"{name} comes in a wheel, but packaging/components.toml does not know what it is.")
        return None if distribution == "idiolect" else _of_distribution(distribution)
    if name.startswith("app/ui/icons/"):
        text = ROOT / "app" / "ui" / "icons" / "LICENSE"
        return _component("Lucide icons", "", "ISC", "https://lucide.dev", "data", text)
    if ROOT in source.parents and "site-packages" not in source.parts:
        return None
    if _is_python(source):
        return _python()
    if "PyInstaller" in source.parts or "_pyinstaller_hooks_contrib" in source.parts:
        return _bootloader()
    raise UnknownFile(f"{name} ({source}) belongs to no package: see packaging/notices.py.")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((HERE / "components.toml").read_text("utf-8"))


def _described(name: str, distribution: str | None) -> Component | None:
    """The entry of ``components.toml`` for a native library, a bundled model or a whole distribution."""
    entry = None
    if distribution is not None:
        entry = next((e for e in _table()["component"] if distribution in map(_plain, e.get("whole", ()))), None)
    if _NATIVE.search(name) or name.startswith("assets/models/"):
        entry = next((e for e in _table()["component"] if re.search(e["pattern"], name)), entry)
    if entry is None:
        return None
    version = entry.get("version", "")
    if "version_of" in entry:
        version = Distribution.from_name(entry["version_of"]).version
    texts = {f"{text}.txt": (HERE / TEXTS / f"{text}.txt").read_text("utf-8") for text in entry["texts"]}
    kind = "data" if name.startswith("assets/") else "library"
    return Component(entry["name"], version, entry["licence"], entry["source"], kind, entry.get("note", ""), texts)


def _plain(name: str) -> str:
    """A distribution's name in the form in which all spellings are the same."""
    return re.sub(r"[-_.]+", "-", name).casefold()


@cache
def _owners() -> dict[str, str]:
    """The plain name of the distribution that every file of the environment belongs to."""
    found: dict[str, str] = {}
    for distribution in distributions():
        root, name = os.path.realpath(str(distribution.locate_file(""))), _plain(distribution.name)
        for file in distribution.files or ():
            found[os.path.normpath(os.path.join(root, str(file)))] = name
    return found


@cache
def _of_distribution(name: str) -> Component:
    distribution = Distribution.from_name(name)
    texts, inside = {}, []
    for file in distribution.files or ():
        path = Path(str(distribution.locate_file(file)))
        in_metadata = ".dist-info" in str(file)
        at_hand = in_metadata or len(Path(str(file)).parts) == 2  # or at the top of the package
        if at_hand and _LICENCE_FILE.match(path.name) and path.suffix not in (".py", ".pyc", ".pyi"):
            target = f"{distribution.name}-{path.name}{'' if path.suffix == '.txt' else '.txt'}"
            texts[target] = path.read_text("utf-8", "replace")
        if in_metadata and "sboms" in path.parts and path.suffix == ".json":
            inside += json.loads(path.read_text("utf-8")).get("components", [])
    licence = licence_of(distribution)
    if not texts and "Apache-2.0" in licence:
        texts["apache-2.0.txt"] = (HERE / TEXTS / "apache-2.0.txt").read_text("utf-8")
    urls = [value.split(",", 1)[-1].strip() for value in distribution.metadata.get_all("Project-URL") or ()]
    source = distribution.metadata.get("Home-page") or next(iter(urls), f"the Python package {distribution.name}")
    return Component(distribution.name, distribution.version, licence, source, "python", "", texts, [], inside)


_CLASSIFIERS = {
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "The Unlicense (Unlicense)": "Unlicense",
    "Python Software Foundation License": "PSF-2.0",
}
_NAMES = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
}


def licence_of(distribution: Distribution) -> str:
    """The licence that a distribution's metadata state, as SPDX where it can be told."""
    metadata = distribution.metadata
    if metadata.get("License-Expression"):
        return str(metadata["License-Expression"])
    classifiers = [value for value in metadata.get_all("Classifier") or () if value.startswith("License ::")]
    stated = [value.rpartition(" :: ")[2] for value in classifiers]
    known = [_CLASSIFIERS[value] for value in stated if value in _CLASSIFIERS]
    if known:
        return " AND ".join(dict.fromkeys(known))
    short = (metadata.get("License") or "").strip()
    if short and "\n" not in short and len(short) < 60:
        return _NAMES.get(short, short)
    return "see its licence"


def _component(name: str, version: str, licence: str, source: str, kind: str, text: Path) -> Component:
    texts = {f"{name.replace(' ', '-')}.txt": text.read_text("utf-8", "replace")} if text.is_file() else {}
    return Component(name, version, licence, source, kind, "", texts)


def _is_python(source: Path) -> bool:
    bases = {Path(sys.base_prefix).resolve(), Path(sysconfig.get_path("stdlib")).resolve()}
    return any(base in source.resolve().parents for base in bases) and source.suffix != ".dist-info"


@cache
def _python() -> Component:
    texts = [Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt"]
    texts += [Path(f"/usr/share/doc/python{sys.version_info[0]}.{sys.version_info[1]}/copyright")]
    text = next((path for path in texts if path.is_file()), texts[0])
    version = ".".join(str(part) for part in sys.version_info[:3])
    return _component("Python", version, "PSF-2.0", "https://www.python.org/downloads/source/", "run time", text)


@cache
def _bootloader() -> Component:
    distribution = Distribution.from_name("pyinstaller")
    texts = {f"pyinstaller-{name}": text for name, text in _of_distribution("pyinstaller").texts.items()}
    return Component(
        "PyInstaller's bootloader and hooks",
        distribution.version,
        "GPL-2.0-or-later WITH Bootloader-exception AND Apache-2.0",
        "https://github.com/pyinstaller/pyinstaller",
        "run time",
        "The exception allows programs of any licence.",
        texts,
    )


@cache
def _debian_package(source: Path) -> Component | None:
    if shutil.which("dpkg-query") is None:
        return None
    for path in dict.fromkeys((str(source), str(source.resolve()), str(source).removeprefix("/usr"), f"/usr{source}")):
        asked = subprocess.run(["dpkg-query", "-S", path], capture_output=True, text=True)
        if asked.returncode == 0:
            name = asked.stdout.split(":")[0]
            shown = ["dpkg-query", "-W", "-f", "${Version} ${source:Package} ${source:Version}", name]
            version, package, source_version = subprocess.run(
                shown, capture_output=True, text=True, check=True
            ).stdout.split()[:3]
            text = Path("/usr/share/doc") / name / "copyright"
            contents = text.read_text("utf-8", "replace") if text.is_file() else ""
            where = f"https://snapshot.debian.org/package/{package}/{source_version}/"
            texts = {f"debian-{name}.txt": contents} if contents else {}
            return Component(f"{name} (Debian)", version, _debian_licence(name), where, "system", "", texts)
    return None


def _debian_licence(package: str) -> str:
    """From the table of ``components.toml``: Debian's copyright files mix in the licences of tests and tools."""
    licence = _table()["debian"].get(package)
    if licence is None:
        raise UnknownFile(f"{package}: read its copyright file and add its licence to packaging/components.toml.")
    return str(licence)


def write(components: list[Component], folder: Path) -> None:
    """``THIRD_PARTY_NOTICES.txt`` and ``licences/`` into ``folder``."""
    guilty = [component.name for component in components if component.is_gpl]
    if guilty:
        raise SystemExit(f"The GPL would apply to the whole app through {', '.join(guilty)}.")
    texts = folder / TEXTS
    shutil.rmtree(texts, ignore_errors=True)
    texts.mkdir(parents=True)
    for component in components:
        for name, contents in component.texts.items():
            (texts / name).write_text(contents, "utf-8")
    shutil.copyfile(ROOT / "LICENSE", texts / "Idiolect.txt")
    (folder / NOTICES).write_text(rendered(components), "utf-8")


def rendered(components: list[Component]) -> str:
    """The notices as text: what, which version, which licence, where the source is, where the licence's text is."""
    lines = [_HEAD]
    for component in components:
        lines += ["", f"{component.name} {component.version}".strip(), f"  licence: {component.licence}"]
        lines.append(f"  source:  {component.source}")
        if component.note:
            lines.append(f"  note:    {component.note}")
        if component.texts:
            lines.append(f"  text:    {', '.join(f'{TEXTS}/{name}' for name in component.texts)}")
        native = [name for name in component.files if _NATIVE.search(name)]
        if native and component.kind != "python":
            lines.append(f"  files:   {', '.join(sorted(native))}")
        if component.inside:
            inner = {f"{part['name']} {part.get('version', '')} ({_inner_licence(part)})" for part in component.inside}
            lines.append(f"  inside:  {', '.join(sorted(inner))}")
    return "\n".join(lines) + "\n"


def _inner_licence(part: dict[str, Any]) -> str:
    stated = part.get("licenses") or []
    names = [
        str(entry.get("expression") or entry.get("license", {}).get("id") or entry.get("license", {}).get("name"))
        for entry in stated
    ]
    return " AND ".join(names) or "licence: see its source"


_HEAD = """Idiolect: third-party notices

Idiolect itself is licensed under the Apache License 2.0: licences/Idiolect.txt. This program carries the work of
others, listed below as it is really in this folder, with the licence of each. sbom.cdx.json lists the same for
machines.

Qt, Qt for Python, FFmpeg and the other LGPL libraries are separate files, unmodified. You may replace them by your own
builds of the same interface: put yours in the place of the file named here. You may change them, and take the program
apart as far as is needed to find the faults of such changes. Their complete sources are at the addresses given.

Some libraries that FFmpeg and PortAudio are linked to are not in this program: the video codecs x264, x265, SVT-AV1,
dav1d, libvpx and oneVPL, GnuTLS, and JACK. The files of those names are empty libraries of Idiolect's own, see
packaging/empty_libraries.py in its source."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("origins", type=Path, help="build/packaging/idiolect/origins.json")
    parser.add_argument("folder", type=Path, help="dist/idiolect")
    args = parser.parse_args()
    components = collect(args.origins, args.folder)
    write(components, args.folder)
    print(f"{len(components)} components: {args.folder / NOTICES}")


if __name__ == "__main__":
    main()
