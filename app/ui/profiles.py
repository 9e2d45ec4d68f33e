"""Several people on one computer: each with their own voice settings, words and history."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from app.ui import a11y, theme
from app.ui.confirm import Confirm
from app.ui.parts import Button, Page, Row, card, field, label
from engine.errors import IdiolectError

if TYPE_CHECKING:
    from app.core import Core

_NAME = Qt.ItemDataRole.UserRole + 1


class ProfilesView(Page):
    """Open, add, rename and delete people."""

    told = Signal(str, bool)

    def __init__(self, core: Core) -> None:
        super().__init__(
            self.tr("People"), self.tr("Each person has their own key, pause, words, personalization and history.")
        )
        self.core = core
        self.list = a11y.name(
            QListWidget(), self.tr("People"), self.tr("Everybody who uses Idiolect on this computer.")
        )
        self.list.setToolTip("")
        self.list.itemActivated.connect(lambda _: self._open())
        self.name = a11y.name(
            QLineEdit(), self.tr("Name"), self.tr("A name for a new person, or a new name for the chosen one.")
        )
        self.name.returnPressed.connect(self._add)
        self.confirm = Confirm()
        self.add(self.list)
        self.add(
            Row(
                Button(
                    self.tr("Open"),
                    "user-round",
                    self.tr("Use Idiolect as the chosen person."),
                    role="primary",
                    on_click=self._open,
                ),
                Button(
                    self.tr("Delete"),
                    "trash-2",
                    self.tr("Delete the chosen person with words, settings and history."),
                    role="danger",
                    on_click=self._ask_delete,
                ),
            )
        )
        self.add(self.confirm)
        self.add(
            card(
                label(self.tr("Somebody new, or a new name"), "heading"),
                field(self.tr("Name"), self.name),
                Row(
                    Button(
                        self.tr("Add this person"),
                        "user-plus",
                        self.tr("Add somebody with this name."),
                        on_click=self._add,
                    ),
                    Button(
                        self.tr("Rename the chosen person"),
                        "pencil",
                        self.tr("Give the chosen person this name."),
                        on_click=self._rename,
                    ),
                ),
            )
        )
        theme.current().changed.connect(self._sizes)
        self._sizes()
        self.refresh()

    def _sizes(self) -> None:
        self.list.setFixedHeight(theme.current().px(220))

    def refresh(self) -> None:
        """Read the list again; the open person is marked in words."""
        self.list.clear()
        now = self.core.store.current.profile
        for person in self.core.store.profiles.all():
            words = self.tr("{name}  (open now)").format(name=person.name) if person.id == now else person.name
            item = QListWidgetItem(words)
            item.setData(Qt.ItemDataRole.UserRole, person.id)
            item.setData(_NAME, person.name)
            self.list.addItem(item)
            if person.id == now:
                self.list.setCurrentItem(item)

    def _chosen(self) -> str | None:
        item = self.list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else None

    def _open(self) -> None:
        identity = self._chosen()
        if identity is not None:
            self._try(lambda: self.core.store.open_profile(identity))

    def _add(self) -> None:
        name = self.name.text().strip()
        if name:
            self._try(lambda: self.core.store.profiles.create(name))
            self.name.clear()
        else:
            self.told.emit(self.tr("Write a name first."), False)
            self.name.setFocus()

    def _rename(self) -> None:
        identity, name = self._chosen(), self.name.text().strip()
        if identity is not None and name:
            self._try(lambda: self.core.store.profiles.rename(identity, name))
            self.name.clear()

    def _ask_delete(self) -> None:
        identity = self._chosen()
        if identity is None:
            return
        item = self.list.currentItem()
        self.confirm.ask(
            self.tr(
                "Delete {name} with all words, settings, history and recordings for good? What {name} is saying, and "
                "texts that still wait to be written, are thrown away too, and what was written last can no longer be "
                "taken back."
            ).format(name=item.data(_NAME)),
            self.tr("Delete"),
            lambda: self._try(lambda: self.core.delete_person(identity)),
        )

    def _try(self, action: Callable[[], object]) -> None:
        try:
            action()
        except IdiolectError as error:
            self.told.emit(str(error), True)
        self.refresh()
