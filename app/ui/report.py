"""The comparison as a document for a patient's file: HTML in one file, or PDF."""

from __future__ import annotations

import base64
from datetime import datetime
from html import escape
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QLocale, QMarginsF, QUrl
from PySide6.QtGui import QFont, QImage, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from app.comparison import Compared, samples, voice_map
from app.ui import compared, plots, theme, wording
from engine.paths import write_private

_STYLE = (
    "body{font-family:'Inter','Segoe UI',sans-serif;color:#1a1d21;line-height:1.5;max-width:52em;margin:2em auto;"
    "padding:0 1em}h1{font-size:22pt;margin-bottom:0}h2{font-size:14pt;margin-bottom:4px}"
    "table{border-collapse:collapse;width:100%}td{border:1px solid #80858d;padding:10px;vertical-align:top;width:50%}"
    ".text{font-size:13pt}.small{color:#474d57;font-size:10pt}img{max-width:100%}"
)


def html(result: Compared, when: datetime | None = None) -> str:
    """The whole report in one HTML file, pictures included."""
    body, images = _body(result, when or datetime.now())
    for name, picture in images.items():
        body = body.replace(f'src="{name}"', f'src="data:image/png;base64,{_png(picture)}"')
    title = escape(_title())
    return (
        f'<!doctype html>\n<html lang="{QLocale().name()[:2]}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body>{body}</body></html>\n"
    )


def write_html(result: Compared, path: Path) -> None:
    """Write the report to ``path``.

    Raises:
        StorageError: the file cannot be written.
    """
    write_private(path, html(result).encode("utf-8"))


def write_pdf(result: Compared, path: Path) -> None:
    """Write the report to ``path`` as PDF, A4.

    Raises:
        StorageError: the file cannot be written.
    """
    content = QBuffer()
    content.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(content)
    writer.setTitle(_title())
    writer.setCreator("Idiolect")
    writer.setResolution(96 * 4)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(18, 18, 18, 18),
            QPageLayout.Unit.Millimeter,
        )
    )
    body, images = _body(result, datetime.now())
    document = QTextDocument()
    font = QFont(theme.current().families)
    font.setPointSizeF(11)
    document.setDefaultFont(font)
    document.setDefaultStyleSheet("td{padding:8px;}h1{font-size:20pt;}h2{font-size:13pt;}.small{color:#474d57;}")
    document.documentLayout().setPaintDevice(writer)
    for name, picture in images.items():
        document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), picture)
    document.setHtml(body)
    document.setPageSize(writer.pageLayout().paintRectPixels(writer.resolution()).size().toSizeF())
    document.print_(writer)
    write_private(path, bytes(content.data().data()))


def _title() -> str:
    return QCoreApplication.translate("Report", "Speech recognition without and with personalization")


def _recording(result: Compared) -> str:
    """Its name; of a sample also that nobody said it: the report may lie beside those of patients."""
    if result.audio not in [sample.audio for sample in samples()]:
        return result.audio.name
    return QCoreApplication.translate("Report", "{name}, a sample that comes with Idiolect (simulated speech)").format(
        name=result.audio.name
    )


def _body(result: Compared, when: datetime) -> tuple[str, dict[str, QImage]]:
    steps, errors = result.steps, result.errors()
    images: dict[str, QImage] = {}
    parts = [
        f"<h1>{escape(_title())}</h1>",
        f'<p class="small">Idiolect, {escape(QLocale().toString(when, QLocale.FormatType.LongFormat))}. '
        f"{QCoreApplication.translate('Report', 'Recording')}: {escape(_recording(result))}</p>",
    ]
    if result.prompt.strip():
        heading = escape(QCoreApplication.translate("Report", "What was meant"))
        parts.append(f'<h2>{heading}</h2><p class="text">{escape(result.prompt)}</p>')
    before = escape(QCoreApplication.translate("Report", "Without personalization"))
    after = escape(
        QCoreApplication.translate("Report", "With personalization ({percent} %)").format(
            percent=round(100 * result.used)
        )
    )
    parts.append(
        '<table width="100%" border="1" cellspacing="0" cellpadding="8" style="margin-top:12px"><tr>'
        f'<td width="50%"><b>{before}</b><p class="text">{compared.marked(steps, "before")}</p>'
        + (f"<p>{escape(compared.count(errors[0]))}</p>" if errors else "")
        + f'</td><td width="50%"><b>{after}</b><p class="text">{compared.marked(steps, "after")}</p>'
        + (f"<p>{escape(compared.count(errors[1]))}</p>" if errors else "")
        + "</td></tr></table>"
    )
    parts.append(
        f"<p><b>{escape(compared.verdict(result))}</b> "
        f"{escape(wording.personalization(result.transcript, result.strength))}</p>"
    )
    lines = compared.changes(steps)
    if lines:
        heading = escape(QCoreApplication.translate("Report", "What differs"))
        parts.append(f"<h2>{heading}</h2><ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>")
    heading = escape(QCoreApplication.translate("Report", "What was changed"))
    parts.append(f"<h2>{heading}</h2><p>{escape(compared.explanation(result))} {escape(compared.distance(result))}</p>")
    parts.append(f'<p class="small">{escape(compared.timings(result))}</p>')
    if result.layers:
        axis = QCoreApplication.translate("Report", "Decoder layer: change of W1 in %")
        images["layers.png"] = plots.image(plots.bars(result.layers, axis), 620, 190)
        parts.append(f'<p><img src="layers.png" width="620" height="190" alt="{escape(axis)}"></p>')
    where = place(result)
    if where is not None:
        heading = escape(QCoreApplication.translate("Report", "Where this voice lies among the voices of the training"))
        images["voices.png"] = plots.image(where, 620, 360)
        parts.append(
            f'<h2 style="page-break-before:always">{heading}</h2>'
            f'<p><img src="voices.png" width="620" height="360" alt="{heading}"></p>'
        )
    return "\n".join(parts), images


def place(result: Compared) -> plots.Paint | None:
    """The picture of this voice among the training cohorts; None where there is nothing to show."""
    known = voice_map(result.transcript.model)
    embeddings = [s.adaptation.embedding for s in result.transcript.segments if s.adaptation.embedding is not None]
    if known is None or not embeddings:
        return None
    here = known.project(embeddings[0])
    labels = [compared.cohort_name(label) for label in known.labels]
    return plots.scatter(known.points, labels, here, QCoreApplication.translate("Report", "this voice"))


def _png(picture: QImage) -> str:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return base64.b64encode(data.data()).decode("ascii")
