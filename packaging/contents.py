"""What goes into the packaged app, and what stays out. Used by ``idiolect.spec``."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

Binary = tuple[str, str, str]  # name in the app's folder, file on this machine, kind

# Libraries that something imports somewhere, but nothing that the app does needs.
EXCLUDED = [
    *("torch", "transformers", "training", "accelerate", "scipy", "matplotlib", "pandas", "tensorboard"),
    *("faster_whisper", "jiwer", "soundfile", "pyworld"),
    "requests",  # gguf's, for reading files over a network
    *("PIL", "IPython", "pytest", "_pytest", "pygments", "rich", "typer", "click", "hf_xet"),
    *("tkinter", "setuptools", "pkg_resources", "pip", "wheel", "ensurepip", "lib2to3", "pydoc_data", "idlelib"),
    *("numpy.f2py", "numpy.distutils", "numpy.testing", "numpy._pyinstaller"),
    "readline",  # GPL on Linux, and there is no prompt to edit
    *("ctranslate2.converters", "onnx.reference", "onnx.backend", "onnx.tools", "onnx.test"),
    *("onnxruntime.tools", "onnxruntime.quantization", "onnxruntime.transformers", "onnxruntime.datasets", "sympy"),
]
_QT_MODULES = ("QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtSvg")

_UNWANTED = re.compile(
    "|".join(
        (
            # Qt Quick, QML and what stands on them come with the input method and image plugins only.
            r"(lib)?Qt6?(Quick|Qml|VirtualKeyboard|Pdf|OpenGLWidgets|Designer|Labs|ShaderTools|Sql|Test|Help|UiTools)",
            r"PySide6/(Qt/)?(qml|translations|metatypes|libexec|resources)/",
            r"PySide6/.*plugins/(designer|qmltooling|qmllint|sqldrivers|printsupport|networkinformation|tls)/",
            r"PySide6/.*plugins/(egldeviceintegrations|generic|vectorimageformats|wayland-graphics-integration-\w+)/",
            r"PySide6/.*plugins/platforms/(lib)?q(eglfs|linuxfb|minimal|minimalegl|vkkhrdisplay|vnc|webgl)",
            r"PySide6/.*plugins/imageformats/(lib)?q(gif|icns|jpeg|pdf|tga|tiff|wbmp|webp)",
            r"PySide6/.*plugins/platforminputcontexts/(lib)?qtvirtualkeyboard",
            r"PySide6/opengl32sw\.dll",
            r"PySide6/include/|PySide6/typesystems/|PySide6/scripts/",
            r".*\.(pyi|proto|h|cc)$",
            r"libonnxruntime\.so",  # C's: Python's module has its own
            r"numpy/.*/tests/",
            r"huggingface_hub/(templates|cli)/",
            r"PySide6/.*plugins/platformthemes/(lib)?qgtk3",  # brings all of GTK; the portal's theme stays
            r"(pip|setuptools|wheel)-.*dist-info/",
        )
    )
)


def is_wanted(name: str) -> bool:
    """Whether the file at ``name`` in the app's folder is shipped."""
    path = PurePosixPath(name.replace("\\", "/"))
    return not (_UNWANTED.match(str(path)) or _UNWANTED.match(path.name))


# On every Linux desktop, and tied to what else is there: ALSA's plugins, X, fonts, D-Bus, the C library.
_OF_THE_SYSTEM = re.compile(
    r"lib(asound\.so|X11|X11-xcb|xcb\.so|Xau|Xdmcp|fontconfig|freetype|expat|png16|dbus-1|glib-2|gthread-2|pcre2|mvec|"
    r"stdc\+\+|gcc_s|selinux|systemd|cap\.)"
)
_STRIPPED = re.compile(r"libpython|ctranslate2\.libs/libctranslate2|numpy\.libs/lib(scipy_)?openblas")
_LGPL = re.compile(r"PySide6/|shiboken6/")
_LOADED_BY_NAME = re.compile(r"lib(portaudio|python3|onnxruntime_providers_shared)")


def pruned(binaries: list[Binary]) -> list[Binary]:
    """PyInstaller's list of native files without what is unwanted, and what then no file needs any more."""
    kept = [entry for entry in binaries if is_wanted(entry[0])]
    if sys.platform != "linux":
        return kept
    kept = [e for e in kept if "site-packages" in e[1] or not _OF_THE_SYSTEM.match(PurePosixPath(e[0]).name)]
    imports = {name: _imports(source) for name, source, kind in kept if kind != "SYMLINK"}
    while True:
        needed = {library for name, *_ in kept for library in imports.get(name, ())}
        left = [entry for entry in kept if _is_used(entry[0], entry[2], needed)]
        if len(left) == len(kept):
            return left
        kept = left


def _imports(library: str) -> set[str]:
    """The names of the libraries that an ELF file itself asks for."""
    shown = subprocess.run(["readelf", "-d", library], capture_output=True, text=True).stdout
    return set(re.findall(r"\(NEEDED\).*\[(.+)\]", shown))


def _is_used(name: str, kind: str, needed: set[str]) -> bool:
    path = PurePosixPath(name)
    is_library = path.name.startswith("lib") and ".so" in path.name and "plugins" not in path.parts
    return kind == "EXTENSION" or not is_library or path.name in needed or bool(_LOADED_BY_NAME.match(path.name))


def stripped(binaries: list[Binary], folder: Path) -> list[Binary]:
    """On Linux, code without debugging symbols, two thirds of some wheels. LGPL libraries stay as they came."""
    return [_stripped(entry, folder) for entry in binaries] if sys.platform == "linux" else binaries


def _stripped(entry: Binary, folder: Path) -> Binary:
    name, source, kind = entry
    if not (kind == "EXTENSION" or _STRIPPED.match(name)) or _LGPL.match(name):
        return entry
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["strip", "--strip-unneeded", "-o", str(target), source], check=True)
    return (name, str(target), kind) if _is_loadable(target) else entry


def _is_loadable(library: Path) -> bool:
    """Whether every segment lies where the system can map it: strip spoils some files that patchelf has changed."""
    shown = subprocess.run(["readelf", "-lW", str(library)], capture_output=True, text=True, check=True).stdout
    segments = re.findall(r"^\s*LOAD\s+0x(\w+) 0x(\w+) .*0x(\w+)$", shown, re.MULTILINE)
    return all((int(offset, 16) - int(address, 16)) % int(align, 16) == 0 for offset, address, align in segments)


def data_files(root: Path) -> list[Path]:
    """Ours that are not Python: weights, samples, icons, translations."""
    found = [path for path in (root / "assets").rglob("*") if path.is_file()]
    found += [path for path in (root / "app").rglob("*") if path.suffix in (".svg", ".qm") or path.name == "LICENSE"]
    return sorted(path for path in found if "__pycache__" not in path.parts)


def model_files(model: Path) -> list[Path]:
    """The files of an installed model. The decoder's graphs are made anew: an older engine may have left others."""
    found = (path for path in model.iterdir() if path.is_file() and not path.name.startswith("."))
    return sorted(path for path in found if path.suffix != ".onnx")


def hidden_imports(root: Path) -> list[str]:
    """Modules that are named at run time only: entry points, and those imported in functions of other systems."""
    named = [
        ".".join(path.relative_to(root).with_suffix("").parts)
        for package in ("app", "engine")
        for path in sorted((root / package).rglob("*.py"))
        if "__init__" not in path.name and path.name not in ("screenshots.py",)
    ]
    return [*named, *(f"PySide6.{module}" for module in _QT_MODULES)]


def system_libraries() -> list[tuple[str, str]]:
    """PortAudio on Linux: the wheel of sounddevice brings it for Windows and macOS only."""
    if sys.platform != "linux":
        return []
    import ctypes.util

    name = ctypes.util.find_library("portaudio")
    if name is None:
        raise SystemExit("PortAudio is not installed: sudo apt-get install libportaudio2")
    found = [path for folder in _library_folders() if (path := Path(folder) / name).exists()]
    if not found:
        raise SystemExit(f"{name} is known, but in no folder of libraries.")
    return [(str(found[0]), ".")]


def _library_folders() -> list[str]:
    import platform

    return [f"/usr/lib/{platform.machine()}-linux-gnu", "/usr/lib64", "/usr/lib"]


def icon(folder: Path) -> str | None:
    """The program's icon in the form that this system wants, drawn from ``idiolect.svg``."""
    import drawing

    if sys.platform == "win32":
        return str(drawing.ico(folder / "idiolect.ico"))
    if sys.platform == "darwin":
        return str(drawing.icns(folder / "idiolect.icns"))
    return None


def windows_version(folder: Path, version: str) -> str:
    """The file that gives Windows the name and version shown in the properties of the program."""
    numbers = ", ".join([*version.split("."), "0"][:4])
    text = f"""VSVersionInfo(
  ffi=FixedFileInfo(filevers=({numbers}), prodvers=({numbers})),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('FileDescription', 'Idiolect'),
      StringStruct('FileVersion', '{version}'),
      StringStruct('ProductName', 'Idiolect'),
      StringStruct('ProductVersion', '{version}'),
      StringStruct('LegalCopyright', 'Apache License 2.0'),
    ])]),
    VarFileInfo([VarStruct('Translation', [1033, 1200])]),
  ],
)
"""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "version.txt").write_text(text)
    return str(folder / "version.txt")


MAC_INFO = {
    "CFBundleDisplayName": "Idiolect",
    "LSApplicationCategoryType": "public.app-category.productivity",
    "LSMinimumSystemVersion": "13.0",
    "NSHighResolutionCapable": True,
    "NSMicrophoneUsageDescription": (
        "Idiolect writes down what you say. Your speech is worked on this computer and sent nowhere."
    ),
    # Shown by nothing yet, but asked for by reviewers: what the Accessibility permission is for.
    "NSAccessibilityUsageDescription": (
        "Idiolect listens for the key you chose and puts the words you spoke where your cursor is."
    ),
    "NSInputMonitoringUsageDescription": "Idiolect listens for the one key you chose to start and stop dictation.",
}
