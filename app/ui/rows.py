"""Rows of a list that are as high as their wrapped text needs."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem


class Rows(QStyledItemDelegate):
    """Qt measures the text as if the style sheet's padding, and the border of a chosen row, took no width from it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        view = self.parent()
        assert isinstance(view, QListView)
        width = view.viewport().width()
        chosen = QStyleOptionViewItem(option)
        self.initStyleOption(chosen, index)
        chosen.rect = QRect(0, 0, width, 1000)
        chosen.state |= QStyle.StateFlag.State_Selected  # it may become so without being measured again
        room = view.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, chosen, view).width()
        narrow = QStyleOptionViewItem(option)
        narrow.rect = QRect(0, 0, max(1, min(room, width)), 1000)
        return super().sizeHint(narrow, index)


def wrap(view: QListView) -> None:
    """Have ``view`` show all of every row's text."""
    view.setWordWrap(True)
    view.setTextElideMode(Qt.TextElideMode.ElideNone)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setItemDelegate(Rows(view))
