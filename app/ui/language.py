"""The language of the interface: the desktop's, or the one the person chose."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

FOLDER = Path(__file__).resolve().parent.parent / "i18n"
NAMES = {"en": "English", "de": "Deutsch"}


def wanted(choice: str | None) -> str:
    """The language code to use for ``choice`` (None: the desktop's language where it is there)."""
    if choice in NAMES:
        return str(choice)
    for name in QLocale.system().uiLanguages():
        if name.split("-")[0] in NAMES:
            return name.split("-")[0]
    return "en"


def install(app: QCoreApplication, choice: str | None) -> list[QTranslator]:
    """Translate everything made from now on; the translators, to be removed later."""
    code, installed = wanted(choice), []
    # Dates and numbers as the desktop writes them, unless the window speaks another language.
    system = QLocale.system()
    QLocale.setDefault(system if system.name().split("_")[0] == code else QLocale("en_GB" if code == "en" else code))
    qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in ((f"idiolect_{code}", str(FOLDER)), (f"qtbase_{code}", qt_folder)):
        translator = QTranslator(app)
        if translator.load(name, folder):
            app.installTranslator(translator)
            installed.append(translator)
    return installed


def remove(app: QCoreApplication, translators: list[QTranslator]) -> None:
    QLocale.setDefault(QLocale.system())
    for translator in translators:
        app.removeTranslator(translator)
