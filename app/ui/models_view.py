"""The speech models on this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.ui.model_list import ModelList
from app.ui.parts import Page

if TYPE_CHECKING:
    from app.core import Core


class ModelsView(Page):
    """A page around the list of models."""

    told = Signal(str, bool)

    def __init__(self, core: Core) -> None:
        super().__init__(
            self.tr("Models"),
            self.tr("A model turns sound into text. Larger ones make fewer mistakes and need more time."),
        )
        self.list = ModelList(core)
        self.list.told.connect(self.told)
        self.add(self.list)

    def refresh(self) -> None:
        self.list.measure()
        self.list.refresh()
