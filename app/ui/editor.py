"""The text field where dictated words arrive. It knows which words came from which utterance.

Every dictated word carries its utterance and its place in it as a property of its text
format, so replay, alternatives and corrections find it again after any editing around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument, QTextFormat, QTextFragment
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.ui import a11y, theme
from app.ui.hint import HintedText
from engine.transcript import Word

KEYS = {"alternatives": "F2", "next": "F3", "word": "F4", "sentence": "F5", "read": "F6", "undo": "F8"}
RIGHT = "Shift+F3"  # the marked word under the cursor is right
UNSURE = 0.6  # below this confidence a word is marked
_UTTERANCE = QTextFormat.Property.UserProperty + 1
_WORD = QTextFormat.Property.UserProperty + 2
_DOTS = QTextCharFormat.UnderlineStyle.DotLine


@dataclass(frozen=True)
class Written:
    """One utterance as it was put into the editor."""

    id: str
    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Unsure:
    """A word to check: where it stands, and which word of which utterance it was."""

    position: int
    length: int
    text: str
    utterance: str
    word: Word


def align(text: str, words: tuple[Word, ...]) -> list[tuple[str, int | None]]:
    """``text`` cut at spaces, each piece with the index of the heard word it is, if any."""
    pieces = text.split(" ")
    plain = [_plain(piece) for piece in pieces]
    matcher = SequenceMatcher(a=plain, b=[_plain(word.text) for word in words], autojunk=False)
    found: dict[int, int] = {}
    for start, heard, size in matcher.get_matching_blocks():
        found.update((start + step, heard + step) for step in range(size))
    return [(piece, found.get(index)) for index, piece in enumerate(pieces)]


def _plain(text: str) -> str:
    return text.strip().strip(".,;:!?\"'()").lower()


class Editor(HintedText):
    """Plain text with memory. ``unsure_changed`` comes with the words to check, in order."""

    unsure_changed = Signal(object)  # list[Unsure]
    cursor_on = Signal(str)  # the utterance under the cursor, "" for none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("editor")
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)  # Tab must never be a trap
        self.setUndoRedoEnabled(True)
        self._written: dict[str, Written] = {}
        self._order: list[str] = []
        self._last = ""
        self._person = ""
        self._papers: dict[str, tuple[QTextDocument, dict[str, Written], list[str]]] = {}  # of who is not here now
        a11y.name(self, self.tr("Your text"), self.tr("What you dictate is written here. You can type here too."))
        self.setToolTip("")
        self.setPlaceholderText(self.tr("Press the button or the key, and speak. Your words appear here."))
        self._settle = QTimer(self, singleShot=True, interval=150)
        self._settle.timeout.connect(self._changed)
        self.document().contentsChanged.connect(self._settle.start)
        self.cursorPositionChanged.connect(self._moved)
        theme.current().changed.connect(self._remark)

    # -- putting text in ------------------------------------------------------------

    def insert_utterance(self, identity: str, text: str, words: tuple[Word, ...] = ()) -> None:
        """Write ``text`` at the cursor, with the spaces it needs, and remember its words."""
        self._written[identity] = Written(identity, text, words)
        self._order = [known for known in self._order if known != identity] + [identity]
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        if self._needs_space(cursor) and not text.startswith("\n"):
            cursor.insertText(" ", QTextCharFormat())
        self._write(cursor, identity, text, words)
        self._set_off(cursor)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.setCurrentCharFormat(QTextCharFormat())
        self.ensureCursorVisible()

    def show_only(self, identity: str, text: str, words: tuple[Word, ...] = ()) -> None:
        """Show one utterance and nothing else; there is nothing to undo."""
        self._written, self._order = {}, []
        self.clear()
        self.insert_utterance(identity, text, words)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.document().clearUndoRedoStacks()
        self.document().setModified(False)

    def replace_utterance(self, identity: str, text: str) -> None:
        """Write ``text`` where utterance ``identity`` stands (at the cursor where it is gone)."""
        self._replace(identity, Written(identity, text, self.words_of(identity)))

    def say_again(self, identity: str, by: Written) -> None:
        """Put the utterance ``by`` in the place of ``identity``: what is corrected there later is ``by``'s sound."""
        self._order = [known for known in self._order if known != by.id] + [by.id]
        self._replace(identity, by)

    def _replace(self, identity: str, by: Written) -> None:
        self._written[by.id] = by
        pieces = self._pieces(identity)
        if not pieces:
            self.insert_utterance(by.id, by.text, by.words)
            return
        cursor = self.textCursor()
        cursor.beginEditBlock()
        self._cut(cursor, pieces)
        self._write(cursor, by.id, by.text, by.words)
        self._set_off(cursor)
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    def remove_last(self) -> str | None:
        """Take the last utterance out again (Ctrl+Z brings it back); its identity, or None."""
        for identity in reversed(self._order):
            pieces = self._pieces(identity)
            if pieces:
                cursor = self.textCursor()
                cursor.beginEditBlock()
                (start, end), *others = pieces
                self._cut(cursor, [(self._spaced(start), end), *others])
                cursor.endEditBlock()
                self.setTextCursor(cursor)
                return identity
        return None

    def obey(self, command: str) -> None:
        """Carry out a spoken command: "new line", "new paragraph", "undo that", "select that", "delete that"."""
        if command in ("new line", "new paragraph"):
            self.textCursor().insertText("\n" if command == "new line" else "\n\n", QTextCharFormat())
            self.ensureCursorVisible()
        elif command in ("undo that", "delete that"):
            if command == "delete that" and self.textCursor().hasSelection():
                self.textCursor().removeSelectedText()
            else:
                self.remove_last()
        elif command == "select that":
            self.select_last()

    def select_last(self) -> None:
        for identity in reversed(self._order):
            span = self._span(identity)
            if span is not None:
                self._select(*span)
                return

    # -- finding it again -----------------------------------------------------------

    def utterance_here(self) -> str | None:
        """The utterance under the cursor, else the last one written."""
        return self._identity_at(self.textCursor().position()) or (self._order[-1] if self._order else None)

    def word_here(self) -> tuple[str, Word] | None:
        """The utterance and the heard word under the cursor."""
        fragment = self._fragment_at(self.textCursor().position())
        if fragment is None or not fragment.charFormat().hasProperty(_WORD):
            return None
        identity = str(fragment.charFormat().property(_UTTERANCE))
        words = self._written[identity].words if identity in self._written else ()
        index = int(fragment.charFormat().property(_WORD))
        return (identity, words[index]) if index < len(words) else None

    def words_of(self, identity: str) -> tuple[Word, ...]:
        return self._written[identity].words if identity in self._written else ()

    def text_of(self, identity: str) -> str | None:
        """What now stands where ``identity`` was written, typed corrections included and what was dictated into the
        middle of it left out."""
        found = []
        cursor = QTextCursor(self.document())
        for start, end in self._pieces(identity):
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            found.append(cursor.selectedText().replace("\u2029", "\n"))
        return found[0] if len(found) == 1 else " ".join(piece.strip(" ") for piece in found) if found else None

    def corrected(self) -> list[tuple[str, str]]:
        """(utterance, its new text) of every utterance that was edited since it was last asked for."""
        changes = []
        for identity in self._order:
            text = self.text_of(identity)
            if text is not None and text.strip() and text != self._written[identity].text:
                changes.append((identity, text))
                self._written[identity] = Written(identity, text, self._written[identity].words)
        return changes

    def unsure(self) -> list[Unsure]:
        """The marked words that still stand as they were heard."""
        found = []
        for fragment in self._fragments():
            form = fragment.charFormat()
            if form.hasProperty(_WORD) and form.underlineStyle() == _DOTS:
                identity = str(form.property(_UTTERANCE))
                words = self.words_of(identity)
                index = int(form.property(_WORD))
                if index < len(words):
                    found.append(
                        Unsure(fragment.position(), fragment.length(), fragment.text(), identity, words[index])
                    )
        return found

    def show_word(self, word: Unsure) -> None:
        self._select(word.position, word.position + word.length)

    def next_unsure(self) -> Unsure | None:
        """Select the next marked word after the cursor, from the top again after the last."""
        found = self.unsure()
        if not found:
            return None
        here = self.textCursor().selectionEnd()
        word = next((item for item in found if item.position >= here), found[0])
        self.show_word(word)
        return word

    def accept_here(self) -> list[Unsure]:
        """The marked word under the cursor is right: take the mark away; returns which it was."""
        place = self.textCursor().position()
        accepted = [word for word in self.unsure() if word.position <= place <= word.position + word.length]
        for word in accepted:
            cursor = QTextCursor(self.document())
            cursor.setPosition(word.position)
            cursor.setPosition(word.position + word.length, QTextCursor.MoveMode.KeepAnchor)
            form = QTextCharFormat()
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.NoUnderline)
            cursor.mergeCharFormat(form)
        return accepted

    def adopt(self, other: Editor) -> None:
        """Take over the text and its memory from ``other``."""
        self._person = other._person
        self._papers = {
            person: (document.clone(self), written, order)
            for person, (document, written, order) in other._papers.items()
        }
        self._take_out(other.document().clone(self), other._written, other._order)

    def turn_to(self, person: str) -> None:
        """Put the text of whoever was here away, for when that person comes back, and take out that of ``person``."""
        if person == self._person:
            return
        if self._person:
            self._papers[self._person] = (self.document().clone(self), self._written, self._order)
            empty = self.document().clone(self)
            empty.clear()
            self._take_out(*self._papers.pop(person, (empty, {}, [])))
        self._person = person

    @contextmanager
    def turned_to(self, person: str) -> Iterator[None]:
        """The text of ``person`` for a moment; whoever is here now finds theirs, and the cursor, as it was."""
        here, place = self._person, self.textCursor().position()
        self.turn_to(person or here)
        try:
            yield
        finally:
            if self._person != here:
                self.turn_to(here)
                cursor = self.textCursor()
                cursor.setPosition(place)
                self.setTextCursor(cursor)

    def forget(self, person: str) -> list[str]:
        """Whoever is not here now will not come back: let go of their text; returns which utterances it was."""
        document, written, _ = self._papers.pop(person, (None, {}, []))
        if document is not None:
            document.clear()
            document.deleteLater()
        return list(written)

    def _take_out(self, document: QTextDocument, written: dict[str, Written], order: list[str]) -> None:
        self._written, self._order = written, order
        before = self.document()
        self.setDocument(document)
        if isValid(before) and before.parent() is self:  # Qt deletes only the one it made itself
            before.deleteLater()
        self.document().contentsChanged.connect(self._settle.start)
        self.moveCursor(QTextCursor.MoveOperation.End)
        self._settle.start()

    # -- inside -----------------------------------------------------------------------

    def _write(self, cursor: QTextCursor, identity: str, text: str, words: tuple[Word, ...]) -> None:
        for number, (piece, index) in enumerate(align(text, words)):
            if number:
                cursor.insertText(" ", self._format(identity, None, words))
            if piece:
                cursor.insertText(piece, self._format(identity, index, words))

    def _set_off(self, cursor: QTextCursor) -> None:
        if self.document().characterAt(cursor.position()).isalnum():
            cursor.insertText(" ", QTextCharFormat())

    def _spaced(self, start: int) -> int:
        """``start``, or where the space before it is."""
        return start - 1 if start > 0 and self.document().characterAt(start - 1) == " " else start

    def _cut(self, cursor: QTextCursor, pieces: list[tuple[int, int]]) -> None:
        """Take ``pieces`` out, the later ones with the space before them; the cursor is left where the first was."""
        first, *others = pieces
        for start, end in (*((self._spaced(start), end) for start, end in reversed(others)), first):
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()

    def _format(self, identity: str, index: int | None, words: tuple[Word, ...]) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setProperty(_UTTERANCE, identity)
        if index is not None:
            form.setProperty(_WORD, index)
            if words[index].confidence < UNSURE:
                form.setUnderlineStyle(_DOTS)
                form.setUnderlineColor(theme.current().colour("thinking"))
                form.setToolTip(
                    self.tr("Not sure: I am about {percent} % certain of this word.").format(
                        percent=round(100 * words[index].confidence)
                    )
                )
        return form

    def _needs_space(self, cursor: QTextCursor) -> bool:
        position = cursor.position()
        return (
            position > 0
            and not self.document().characterAt(position - 1).isspace()
            and (self.document().characterAt(position - 1) not in '\u2029([{"“')
        )

    def _fragments(self) -> Iterator[QTextFragment]:
        block = self.document().begin()
        while block.isValid():
            iterator = block.begin()
            while not iterator.atEnd():
                fragment = iterator.fragment()
                if fragment.isValid():
                    yield fragment
                iterator += 1
            block = block.next()

    def _fragments_around(self, position: int) -> list[QTextFragment]:
        """The fragments that touch ``position``: at most the one before it and the one after it."""
        iterator, found = self.document().findBlock(position).begin(), []
        while not iterator.atEnd():
            fragment = iterator.fragment()
            if fragment.position() <= position <= fragment.position() + fragment.length():
                found.append(fragment)
            iterator += 1
        return found

    def _fragment_at(self, position: int) -> QTextFragment | None:
        around = self._fragments_around(position)
        words = [fragment for fragment in around if fragment.charFormat().hasProperty(_WORD)]
        return words[-1] if words else around[-1] if around else None

    def _identity_at(self, position: int) -> str | None:
        for fragment in reversed(self._fragments_around(position)):
            if fragment.charFormat().hasProperty(_UTTERANCE):
                return str(fragment.charFormat().property(_UTTERANCE))
        return None

    def _span(self, identity: str) -> tuple[int, int] | None:
        pieces = self._pieces(identity)
        return (pieces[0][0], pieces[-1][1]) if pieces else None

    def _pieces(self, identity: str) -> list[tuple[int, int]]:
        """Where the utterance stands: in several places where others were dictated into it."""
        found: list[tuple[int, int]] = []
        others = True
        for fragment in self._fragments():
            owner = fragment.charFormat().property(_UTTERANCE)
            if owner == identity:
                start = fragment.position() if others else found.pop()[0]
                found.append((start, fragment.position() + fragment.length()))
            if owner is not None:
                others = owner != identity
        return found

    def _select(self, start: int, end: int) -> None:
        cursor = self.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _changed(self) -> None:
        self.unsure_changed.emit(self.unsure())

    def _moved(self) -> None:
        self.cursor_on.emit(self._identity_at(self.textCursor().position()) or "")

    def _remark(self) -> None:
        for word in self.unsure():
            cursor = QTextCursor(self.document())
            cursor.setPosition(word.position)
            cursor.setPosition(word.position + word.length, QTextCursor.MoveMode.KeepAnchor)
            form = QTextCharFormat()
            form.setUnderlineColor(theme.current().colour("thinking"))
            cursor.mergeCharFormat(form)

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # noqa: N802
        if event.text() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            # What is typed is the person's own word: it must not inherit "not sure".
            # Inside an utterance it corrects that utterance; after its end it is new text.
            plain = QTextCharFormat()
            around = self._fragments_around(self.textCursor().selectionStart())
            owners = {fragment.charFormat().property(_UTTERANCE) for fragment in around}
            inside = around and around[-1].position() + around[-1].length() > self.textCursor().position()
            if len(owners) == 1 and None not in owners and (inside or self.textCursor().hasSelection()):
                plain.setProperty(_UTTERANCE, owners.pop())
            self.setCurrentCharFormat(plain)
        super().keyPressEvent(event)
