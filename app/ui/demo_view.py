"""For a clinician: one recording without and with personalization, side by side."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QStandardPaths, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QFrame, QLineEdit, QVBoxLayout, QWidget

from app.clips import discard
from app.comparison import Compared, Comparison, samples
from app.ui import a11y, compared, plots, report, theme, wording
from app.ui.demo_parts import TextCard, WorkSign
from app.ui.parts import Button, Page, Row, Slider, card, combo, field, label
from engine.errors import IdiolectError

if TYPE_CHECKING:
    from app.core import Core
    from app.settings import Settings


class DemoView(Page):
    """Pick, record or open; see both texts, the strength, and what moved; export."""

    told = Signal(str, bool)

    def __init__(self, core: Core) -> None:
        super().__init__(
            self.tr("Compare"),
            self.tr(
                "One recording, written down without and with personalization. Nothing is kept unless you save it."
            ),
            width=1120,
        )
        self.core = core
        self.comparison = Comparison(core.engine, self)
        self._clips: list[Path] = []  # recorded here: at most one, deleted with what it brought
        self._recording = self._unwanted = False  # unwanted: what is still to come of a recording
        self._lent = False  # the sentence in the field is a sample's
        self._closes_with: QWidget | None = None
        self._source()
        self._outcome()
        self.comparison.started.connect(self._started)
        self.comparison.progress.connect(self._progress)
        self.comparison.changed.connect(self.show_result)
        self.comparison.failed.connect(self._failed)
        core.dictation.clip.connect(self._clip_ready)
        core.dictation.clip_failed.connect(self._clip_failed)
        core.store.changed.connect(self._settings_changed)
        self.destroyed.connect(partial(_forget, self._clips))  # where the window is built anew

    # -- what it looks like ---------------------------------------------------------------

    def _source(self) -> None:
        self.record = Button(
            self.tr("Record"),
            "mic",
            self.tr("Record somebody now. Press again when finished."),
            role="primary",
            on_click=self._record,
        )
        opened = Button(
            self.tr("Open a recording"),
            "folder-open",
            self.tr("Choose a sound file: WAV, MP3, FLAC, M4A, Ogg …"),
            on_click=self._open,
        )
        self.listen = Button(self.tr("Hear it"), "play", self.tr("Play the recording."), on_click=self._play)
        self.listen.setEnabled(False)
        items: list[tuple[str, object]] = [(self.tr("Choose a sample"), None)]
        numbers: dict[str, int] = {}
        for sample in samples():
            numbers[sample.cohort] = number = numbers.get(sample.cohort, 0) + 1
            name = compared.cohort_name(sample.cohort)
            items.append((name if number == 1 else f"{name} {number}", sample))
        self.samples = combo(
            self.tr("Bundled samples"), self.tr("Simulated recordings of each way of speaking."), items, None
        )
        self.samples.activated.connect(lambda _: self._sample())
        self.prompt = QLineEdit()
        self.prompt.setPlaceholderText(self.tr("The sentence, as it was meant"))
        self.prompt.textEdited.connect(self._prompt_typed)
        self.prompt.editingFinished.connect(lambda: self.comparison.set_prompt(self.prompt.text()))
        box = card(
            Row(self.record, opened, self.listen),
            field(self.tr("Or a sample that comes with Idiolect (simulated speech)"), self.samples),
            field(
                self.tr("What was meant to be said (optional)"),
                self.prompt,
                self.tr("With it, the wrong words are counted."),
            ),
        )
        if len(items) == 1:
            self.samples.setEnabled(False)
        self.add(box)
        self.work = WorkSign(self._cancel)
        self.working = card(label(self.tr("Writing down…")), self.work)
        self.working.hide()
        self.add(self.working)

    def _outcome(self) -> None:
        self.before = TextCard(self.tr("Without personalization"))
        self.after = TextCard(self.tr("With personalization"))
        self.pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.pair.setSpacing(16)
        self.pair.addWidget(self.before, 1)
        self.pair.addWidget(self.after, 1)
        self.verdict = label("", "heading")
        self.sentence = label("", "muted")
        self.slider = Slider()
        self.slider.setRange(0, 20)
        self.slider.setPageStep(4)
        self.slider.setValue(20)
        self.slider.valueChanged.connect(self._strength)
        self.strength = label("", "small")
        self._strength_words(20)
        self.changes = label("", selectable=True)
        self.explanation = label("")
        self.timings = label("", "small")
        self.layers = plots.Plot(self.tr("How far each layer's W1 moved"), 210)
        self.voices = plots.Plot(self.tr("Where this voice lies among the voices of the training"), 330)
        self.no_map = label(self.tr("There is no map of voices for this model, so there is no picture here."), "small")
        self.working_again = WorkSign(self._cancel, keeps_its_place=True)  # what one is about to press must not move
        self.working_again.hide()
        tuning = card(
            label(self.tr("Strength of personalization"), "heading"),
            a11y.name(
                self.slider,
                self.tr("Strength of personalization"),
                self.tr("0 to 100 %. The text follows at once."),
            ),
            self.strength,
            self.working_again,
        )
        self.pictures = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.pictures.setSpacing(16)
        moved = card(label(self.layers.accessibleName(), "heading"), self.layers)
        lies = card(label(self.voices.accessibleName(), "heading"), self.voices, self.no_map)
        for part in (moved, lies):
            self.pictures.addWidget(part, 1, Qt.AlignmentFlag.AlignTop)
        export = Row(
            Button(
                self.tr("Save as PDF"),
                "file-text",
                self.tr("Save this comparison as a PDF document."),
                on_click=self._pdf,
            ),
            Button(self.tr("Save as web page"), "file-code", self.tr("Save it as one HTML file."), on_click=self._html),
        )
        self.result = QFrame()
        box = QVBoxLayout(self.result)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(18)
        box.addWidget(self.verdict)
        box.addWidget(self.sentence)
        box.addLayout(self.pair)
        box.addWidget(tuning)
        self.changes_card = card(label(self.tr("What differs"), "heading"), self.changes)
        box.addWidget(self.changes_card)
        box.addWidget(card(label(self.tr("What was changed"), "heading"), self.explanation, self.timings))
        box.addLayout(self.pictures)
        box.addLayout(export)
        self.result.hide()
        self.add(self.result)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        wide = self.viewport().width() > theme.current().px(720)
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self.pair.setDirection(direction)
        self.pictures.setDirection(direction)

    # -- what it does -----------------------------------------------------------------------

    def run(self, audio: Path, prompt: str = "", language: str | None = None) -> None:
        """Compare ``audio``; ``prompt`` is what was meant, ``language`` what is spoken where it is not the person's."""
        self.prompt.setText(prompt)
        self.prompt.setCursorPosition(0)  # a long sentence is read from its beginning
        self._lent = False
        self.listen.setEnabled(True)
        options = replace(self.core.transcribe_options(), strength=self.slider.value() / 20)
        self.comparison.run(audio, prompt, replace(options, language=language or options.language))
        self._hold(audio)

    def forget(self) -> None:
        """Leave nothing of the recording and of what it brought: the next person is not to see or hear it."""
        if self._recording:
            self._unwanted = True
            self._set_recording(False)
            self.core.dictation.stop_clip()
        self.comparison.forget()
        self._hold(None)
        self.samples.setCurrentIndex(0)
        self.prompt.clear()
        self._lent = False
        self.listen.setEnabled(False)
        self._rest()
        self.result.hide()

    def _hold(self, audio: Path | None) -> None:
        """``audio`` is what is compared now; what was recorded before is deleted."""
        discard(*(clip for clip in self._clips if clip != audio))
        self._clips[:] = [] if audio is None else [audio]

    def _settings_changed(self, _settings: Settings, names: frozenset[str]) -> None:
        if "profile" in names:
            self.forget()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        window = self.window()
        closing = getattr(window, "closing", None)
        if closing is not None and self._closes_with is not window:
            self._closes_with = window
            closing.connect(self.forget)

    def show_result(self, result: Compared) -> None:
        """Fill everything from one outcome."""
        self._rest()
        steps, errors = result.steps, result.errors()
        used = round(100 * result.used)
        self.after.title.setText(
            self.tr("With personalization ({percent} %)").format(percent=used)
            if used
            else self.tr("With personalization (not used here)")
        )
        self.before.fill(compared.marked(steps, "before"), result.before, compared.count(errors[0]) if errors else "")
        self.after.fill(compared.marked(steps, "after"), result.after, compared.count(errors[1]) if errors else "")
        self.verdict.setText(compared.verdict(result))
        self.sentence.setText(wording.personalization(result.transcript, result.strength))
        lines = compared.changes(steps)
        self.changes_card.setVisible(bool(lines))
        self.changes.setText("\n".join(f"•  {line}" for line in lines))
        a11y.name(self.changes, self.tr("What differs"), compared.plain(steps))
        self.explanation.setText(f"{compared.explanation(result)} {compared.distance(result)}".strip())
        self.timings.setText(compared.timings(result))
        axis = self.tr("Decoder layer: change of W1 in %")
        values = ", ".join(f"{value:.1f}" for value in result.layers)
        self.layers.parentWidget().setVisible(bool(result.layers))
        if result.layers:
            self.layers.show_picture(plots.bars(result.layers, axis), f"{axis}: {values}")
        where = report.place(result)
        self.voices.setVisible(where is not None)
        self.no_map.setVisible(where is None)
        if where is not None:
            self.voices.show_picture(where, compared.distance(result) or self.voices.accessibleName())
        self.result.show()
        a11y.announce(self, self.verdict.text())

    def _started(self) -> None:
        first = self.comparison.result is None
        self.working.setVisible(first)
        self.working_again.setVisible(not first)
        self.work.start()
        self.working_again.start()

    def _rest(self) -> None:
        if self.working_again.cancel.hasFocus():
            self.slider.setFocus(Qt.FocusReason.OtherFocusReason)
        self.working.hide()
        self.working_again.hide()

    def _progress(self, done: float, total: float) -> None:
        for sign in (self.work, self.working_again):
            sign.progress(done, total)

    def _failed(self, message: str) -> None:
        self._rest()
        self._slider_back()
        if self.isVisible():
            self.told.emit(message, True)

    def _clip_failed(self, message: str) -> None:
        self._unwanted = False
        if self._recording:
            self._set_recording(False)
            self._failed(message)

    def _cancel(self) -> None:
        self.comparison.cancel()
        self._rest()
        self._slider_back()

    def _slider_back(self) -> None:
        """The slider stands where the text that is shown was made."""
        if self.comparison.result is not None:
            with QSignalBlocker(self.slider):
                self.slider.setValue(round(self.comparison.result.strength * 20))
            self._strength_words(self.slider.value())

    def _strength(self, value: int) -> None:
        self._strength_words(value)
        self.comparison.set_strength(value / 20)

    def _strength_words(self, value: int) -> None:
        self.strength.setText(self.tr("At most {percent} %").format(percent=value * 5))

    def _sample(self) -> None:
        sample = self.samples.currentData()
        if sample is not None:
            self.run(sample.audio, sample.text, sample.language)
            self._lent = True

    def _prompt_typed(self, _text: str) -> None:
        self._lent = False

    def _own_prompt(self) -> str:
        """What the person typed; a sample's sentence is not what is said in another recording."""
        return "" if self._lent else self.prompt.text()

    def _open(self) -> None:
        start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Open a recording"), start)
        if path:
            self.samples.setCurrentIndex(0)
            self.run(Path(path), self._own_prompt())

    def _record(self) -> None:
        if self._recording:
            self.core.dictation.stop_clip()
        else:
            self._set_recording(True)
            self.core.dictation.start_clip()

    def _set_recording(self, on: bool) -> None:
        self._recording = on
        self.record.set_icon("square" if on else "mic")
        self.record.set_words(
            self.tr("Stop recording") if on else self.tr("Record"),
            self.tr("Record somebody now. Press again when finished."),
        )

    def _clip_ready(self, path: Path) -> None:
        if self._unwanted:
            self._unwanted = False
            discard(path)
        elif self._recording:
            self._set_recording(False)
            self.samples.setCurrentIndex(0)
            self.run(path, self._own_prompt())

    def _play(self) -> None:
        if self.comparison.audio is not None:
            self.core.sounds.play_file(self.comparison.audio)

    def _pdf(self) -> None:
        self._export("pdf")

    def _html(self) -> None:
        self._export("html")

    def _export(self, kind: str) -> None:
        if self.comparison.result is None:
            return
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save the comparison"), f"{home}/comparison.{kind}", f"{kind.upper()} (*.{kind})"
        )
        if path:
            self.export(Path(path), kind)

    def export(self, path: Path, kind: str) -> None:
        """Write the report of the shown comparison: ``kind`` "pdf" or "html"."""
        assert self.comparison.result is not None
        write = report.write_pdf if kind == "pdf" else report.write_html
        try:
            write(self.comparison.result, path)
        except IdiolectError as error:
            self.told.emit(str(error), True)
            return
        self.told.emit(self.tr("Saved as {path}.").format(path=path), False)


def _forget(clips: list[Path], *_: object) -> None:
    discard(*clips)
