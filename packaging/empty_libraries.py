"""Keeps libraries out of the packaged app that others are linked to but the app never calls.

The FFmpeg libraries in PyAV's wheels are LGPL, but ``libavcodec`` is linked to x264 and
x265, two GPL libraries that encode video. Idiolect only reads sound: it never calls them,
but ``libavcodec`` does not load where they are missing. So ``replacements`` builds, in
the place of each, a library of our own that has the names that ``libavcodec`` asks for
and nothing behind them: every function returns 0, every table is zeros. ``libavcodec``
itself stays byte for byte what the wheel brought.

For size, and so that less has to be trusted, the same is done to other video codecs and
to GnuTLS (recordings are never read from the network; FFmpeg's own start-up call gets 0,
which means success), and to the JACK that Debian's PortAudio is linked to: there
``jack_client_open`` returns 0, as where no JACK server runs, and PortAudio uses ALSA.

The compiler is zig (the wheel ``ziglang``), the same for Linux, Windows and macOS; what
is asked for and offered is read with LIEF.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

import lief

# The library, and how the names in it begin.
_LEFT_OUT = {
    "x264": "x264_",
    "x265": "x265_",
    "SvtAv1Enc": "svt_",
    "dav1d": "dav1d_",
    "vpx": "vpx_",
    "vpl": "MFX",
    "gnutls": "gnutls_",
    "jack": "jack_",
}
_NAME = re.compile(rf"^(?:lib)?({'|'.join(_LEFT_OUT)})(?=[.-])")
# What is taken from them that is not a function. PE and Mach-O do not say; ELF does.
_TABLES = frozenset({"x264_levels"})
_TABLE_BYTES = 65536
_PROCESSORS = {
    "X86_64": "x86_64",
    "AMD64": "x86_64",
    "AARCH64": "aarch64",
    "ARM64": "aarch64",
}


def is_left_out(path: Path | str) -> bool:
    """Whether a file is one of the libraries that are not shipped, by the name of the file."""
    return _NAME.match(Path(path).name) is not None


def replacements(libraries: list[Path], target: Path) -> dict[Path, Path]:
    """An empty library for each one among ``libraries`` that is left out, in the folder ``target``.

    ``libraries`` are all native libraries of the app: what they import from one that is
    left out is what its replacement offers.
    """
    target.mkdir(parents=True, exist_ok=True)
    found: dict[Path, Path] = {}
    for library in (path for path in libraries if is_left_out(path)):
        original = _parse(library)
        offered = _exports(original)
        match = _NAME.match(library.name)
        assert match is not None
        family = _LEFT_OUT[match[1]]
        others = [path for path in libraries if not is_left_out(path)]
        asked = {name: version for path in others for name, version in _imports(path, offered, family).items()}
        if not asked:
            continue  # nobody needs it: the spec leaves it out
        found[library] = _build(library, original, dict(sorted(asked.items())), target / library.name)
        print(f"{library.name}: replaced by an empty library of {len(asked)} names", flush=True)
    return found


def _parse(path: Path) -> lief.Binary:
    binary = lief.parse(str(path))
    if isinstance(binary, lief.MachO.FatBinary):
        binary = binary.at(0)
    if binary is None:
        raise SystemExit(f"{path} is not a library of a known format.")
    return binary


def _exports(binary: lief.Binary) -> frozenset[str]:
    if isinstance(binary, lief.PE.Binary):
        return frozenset(entry.name for entry in binary.get_export().entries)
    return frozenset(_plain(symbol.name, binary) for symbol in binary.exported_symbols)


def _imports(path: Path, offered: frozenset[str], family: str) -> dict[str, str]:
    """What a library takes of those names, with the version of each: ELF's loader insists on it."""
    if path.suffix in (".txt", ".py", ".zip", ".pyc"):
        return {}
    raw = path.read_bytes()
    if family.encode() not in raw:  # much faster than parsing everything
        return {}
    binary = lief.parse(raw)
    if isinstance(binary, lief.MachO.FatBinary):
        binary = binary.at(0)
    if isinstance(binary, lief.PE.Binary):
        names = {entry.name: "" for library in binary.imports for entry in library.entries}
    elif isinstance(binary, lief.ELF.Binary):
        names = {symbol.name: _version(symbol) for symbol in binary.imported_symbols}
    elif binary is not None:
        names = {_plain(symbol.name, binary): "" for symbol in binary.imported_symbols}
    else:
        names = {}
    return {name: version for name, version in names.items() if name in offered}


def _version(symbol: lief.ELF.Symbol) -> str:
    has = symbol.has_version and symbol.symbol_version.has_auxiliary_version
    return str(symbol.symbol_version.symbol_version_auxiliary.name) if has else ""


def _plain(name: str, binary: lief.Binary) -> str:
    """The name as C has it: Mach-O puts an underscore before."""
    return name.removeprefix("_") if isinstance(binary, lief.MachO.Binary) else name


def _build(library: Path, original: lief.Binary, names: dict[str, str], target: Path) -> Path:
    export = "__declspec(dllexport) " if isinstance(original, lief.PE.Binary) else ""
    lines = ["/* Made by packaging/empty_libraries.py: the names of a library that is not shipped. */"]
    tables = _TABLES
    if isinstance(original, lief.ELF.Binary):
        tables = frozenset(s.name for s in original.exported_symbols if s.type == lief.ELF.Symbol.TYPE.OBJECT)
    for name in names:
        if name in tables:
            lines.append(f"{export}char {name}[{_TABLE_BYTES}] = {{0}};")
        else:
            lines.append(f"{export}void *{name}(void) {{ return 0; }}")
    source = target.with_suffix(".c")
    source.write_text("\n".join(lines) + "\n")
    command = [sys.executable, "-m", "ziglang", "cc", "-shared", "-nostdlib", "-Os", "-s", "-target", _system(original)]
    if isinstance(original, lief.PE.Binary):
        # -nostdlib leaves out the start code that a DLL needs.
        source.write_text(source.read_text() + "int DllMainCRTStartup(void *a, unsigned b, void *c) { return 1; }\n")
    elif isinstance(original, lief.MachO.Binary):
        named = next(c for c in original.commands if c.command == lief.MachO.LoadCommand.TYPE.ID_DYLIB)
        compatible, current = (
            ".".join(str(part) for part in version) for version in (named.compatibility_version, named.current_version)
        )
        command += [f"-Wl,-install_name,{named.name}", f"-Wl,-compatibility_version,{compatible}"]
        command += [f"-Wl,-current_version,{current}"]
    else:
        command += [f"-Wl,-soname,{library.name}"]
        versions = dict.fromkeys(version for version in names.values() if version)
        if versions:
            script = target.with_suffix(".map")
            script.write_text(
                "".join(
                    f"{version} {{ global: {' '.join(f'{name};' for name in names if names[name] == version)} }};\n"
                    for version in versions
                )
            )
            command.append(f"-Wl,--version-script={script}")
    done = subprocess.run([*command, "-o", str(target), str(source)], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"The replacement of {library.name} could not be built:\n{done.stderr}")
    missing = names.keys() - _exports(_parse(target))
    if missing:
        raise SystemExit(f"The replacement of {library.name} lacks {', '.join(sorted(missing))}.")
    return target


def _system(binary: lief.Binary) -> str:
    """zig's name of the system that a library is for."""
    if isinstance(binary, lief.PE.Binary):
        return f"{_processor(binary.header.machine)}-windows-gnu"
    if isinstance(binary, lief.MachO.Binary):
        return f"{_processor(binary.header.cpu_type)}-macos"
    return f"{_processor(binary.header.machine_type)}-linux-gnu.2.17"


def _processor(kind: object) -> str:
    name = str(kind).rpartition(".")[2].upper()
    if name not in _PROCESSORS:
        raise SystemExit(f"No replacement can be built for the processor {name}.")
    return _PROCESSORS[name]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a folder of libraries, such as av.libs of PyAV's wheel")
    parser.add_argument("target", type=Path, help="where the empty libraries go")
    args = parser.parse_args()
    replacements([path for path in sorted(args.folder.iterdir()) if path.is_file()], args.target)


if __name__ == "__main__":
    main()
