"""Everything that was dictated: search, hear, copy, correct, export, delete for good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QListView

from app.ui import a11y, theme
from app.ui.confirm import Confirm
from app.ui.entry_card import EntryCard, when
from app.ui.parts import Button, Page, Row, field, label, reveal
from app.ui.rows import wrap
from engine.errors import IdiolectError

if TYPE_CHECKING:
    from app.core import Core
    from app.history import Entry

_PAGE = 200


class Entries(QAbstractListModel):
    """The entries that fit the search, newest first, fetched as the list is scrolled."""

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core, self._query, self._more = core, "", False
        self._rows: list[Entry] = []

    def search(self, query: str) -> None:
        self.beginResetModel()
        self._query = query
        self._rows = self._core.history.search(query, self._core.store.current.profile, _PAGE, 0)
        self._more = len(self._rows) == _PAGE
        self.endResetModel()

    def entry(self, index: QModelIndex) -> Entry | None:
        return self._rows[index.row()] if 0 <= index.row() < len(self._rows) else None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:  # noqa: N802
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> bool:  # noqa: N802
        return self._more

    def fetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802
        found = self._core.history.search(self._query, self._core.store.current.profile, _PAGE, len(self._rows))
        self._more = len(found) == _PAGE
        if found:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(found) - 1)
            self._rows.extend(found)
            self.endInsertRows()

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        entry = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{summary(entry)}\n{when(entry)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{summary(entry)}. {when(entry)}"
        return None


def summary(entry: Entry) -> str:
    text = " ".join((entry.text or entry.heard or "…").split())
    return text if len(text) <= 160 else text[:157] + "…"


class HistoryView(Page):
    """A list with a search, and the chosen entry below it."""

    told = Signal(str, bool)

    def __init__(self, core: Core) -> None:
        super().__init__(self.tr("History"), self.tr("What you dictated on this computer. It is yours alone."))
        self.core = core
        self.model = Entries(core)
        self.query = a11y.name(QLineEdit(), self.tr("Search"), self.tr("Show only what holds these words."))
        self.query.setPlaceholderText(self.tr("Search for words"))
        self.query.setClearButtonEnabled(True)
        self._wait = QTimer(self, singleShot=True, interval=150)
        self._wait.timeout.connect(self._waited)
        self.query.textChanged.connect(lambda _: self._wait.start())
        self.list = a11y.name(QListView(), self.tr("Entries"), self.tr("Newest first. Choose one to see all of it."))
        self.list.setToolTip("")
        self.list.setModel(self.model)
        wrap(self.list)
        self.list.selectionModel().currentChanged.connect(
            lambda index, _: self.detail.show_entry(self.model.entry(index))
        )
        self.count = label("", "small")
        self.confirm = Confirm()
        self.detail = EntryCard(core)
        self.detail.told.connect(self.told)
        self.detail.corrected.connect(self.refresh)
        self.detail.delete_wanted.connect(self._ask_delete)
        self.detail.offered.connect(lambda: reveal(self.detail.panel))
        core.person_deleted.connect(self._forget_person)
        for part in (field(self.tr("Search"), self.query), self.count, self.list, self.confirm, self.detail):
            self.add(part)
        self.add(
            Row(
                Button(
                    self.tr("Export everything"),
                    "save",
                    self.tr("Save all entries as text, JSON or a table."),
                    on_click=self._export,
                ),
                Button(
                    self.tr("Delete everything"),
                    "trash-2",
                    self.tr("Delete the whole history for good."),
                    role="danger",
                    on_click=self._ask_delete_all,
                ),
            )
        )
        theme.current().changed.connect(self._fit)
        self._sizes()

    def _sizes(self) -> None:
        self.list.setFixedHeight(theme.current().px(300))
        self.detail.resize_to_text()

    def _fit(self) -> None:
        super()._fit()
        if hasattr(self, "list"):
            self._sizes()

    def changed(self) -> None:
        """Something was added or deleted: search again in a moment."""
        self._wait.start()

    def _waited(self) -> None:
        if self.isVisible():  # opening it searches anyway
            self.refresh()

    def refresh(self) -> None:
        """Search again, and keep the chosen entry chosen, with what the person changed in it and has not kept yet."""
        shown = self.detail.entry
        self.model.search(self.query.text())
        self.detail.entry = shown  # whatever the list chose meanwhile
        total = self.core.history.count(profile=self.core.store.current.profile)
        found = self.model.rowCount()
        self.count.setText(
            self.tr("{found} shown of {total}").format(found=found, total=total)
            if total
            else self.tr("Nothing yet: what you dictate appears here.")
        )
        entry = self.core.history.get(shown.id) if shown else None
        self.detail.show_entry(entry if entry and entry.profile == self.core.store.current.profile else None)

    def _ask_delete(self) -> None:
        if self.detail.entry is not None:
            identity = self.detail.entry.id
            self.confirm.ask(
                self.tr("Delete this entry and its recording for good?"),
                self.tr("Delete"),
                lambda: self._do(lambda: self._forget(identity)),
            )

    def _ask_delete_all(self) -> None:
        self.confirm.ask(
            self.tr("Delete your whole history and the kept corrections, texts and recordings, for good?"),
            self.tr("Delete everything"),
            lambda: self._do(self._forget_all),
        )

    def _forget(self, identity: str) -> None:
        self.core.corrections.forget(identity)  # whoever deletes a dictation means all of it
        self.core.history.delete(identity)

    def _forget_all(self) -> None:
        self.core.corrections.forget_all()
        self.core.history.delete_all(self.core.store.current.profile)

    def _forget_person(self, _person: str) -> None:
        """Nothing of theirs stays here, seen or not."""
        self.detail.show_entry(None)
        self.refresh()

    def _do(self, action) -> None:  # type: ignore[no-untyped-def]
        try:
            action()
        except IdiolectError as error:
            self.told.emit(str(error), True)
        self.detail.show_entry(None)
        self.refresh()

    def _export(self) -> None:
        filters = "Text (*.txt);;JSON (*.json);;CSV (*.csv)"
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Export the history"), "idiolect-history.txt", filters)
        if path:
            self.export(Path(path))

    def export(self, path: Path) -> None:
        """Write everything, whatever is searched for, to ``path``; its ending says as what."""
        kind = path.suffix.lstrip(".").lower()
        try:
            kind = kind if kind in ("txt", "json", "csv") else "txt"
            self.core.history.export(path, kind, profile=self.core.store.current.profile)
        except IdiolectError as error:
            self.told.emit(str(error), True)
            return
        self.told.emit(self.tr("Saved as {path}.").format(path=path), False)
