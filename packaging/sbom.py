"""The app's bill of materials as CycloneDX 1.6 JSON, from the components that ``notices.collect`` found."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from cyclonedx.exception import MissingOptionalDependencyException
from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as Part
from cyclonedx.model.component import ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from engine import __version__

if TYPE_CHECKING:
    from notices import Component


def write(components: list[Component], target: Path) -> None:
    """The bill of materials of the app in ``target``'s folder, checked against the schema."""
    text = rendered(components, target.parent)
    problems = validate(text)
    if problems:
        raise SystemExit(f"The bill of materials does not hold to its schema: {problems}")
    target.write_text(text, "utf-8")


def validate(text: str) -> str:
    """What is wrong with a bill of materials; nothing where it holds to CycloneDX 1.6."""
    try:
        problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    except MissingOptionalDependencyException as error:
        raise SystemExit(f"{error}: install cyclonedx-python-lib[json-validation].") from error
    return str(problem) if problem else ""


def rendered(components: list[Component], folder: Path | None = None) -> str:
    """The JSON text. With ``folder``, the app's, the SHA-256 of every native file of others is in it."""
    bom = Bom()
    app = Part(name="Idiolect", version=__version__, type=ComponentType.APPLICATION, bom_ref="idiolect")
    bom.metadata.component = app
    parts = []
    for component in components:
        part = _part(component)
        inner = [_inner(entry, part) for entry in component.inside]
        part.components = {piece.bom_ref.value: piece for piece in inner}.values()
        for name in component.files:
            path = _found(name, folder)
            if path is not None:
                part.components.add(_file(name, path, part))
        bom.components.add(part)
        parts.append(part)
    bom.register_dependency(app, parts)
    return JsonV1Dot6(bom).output_as_string(indent=1)


def _part(component: Component) -> Part:
    kinds = {"data": ComponentType.DATA, "run time": ComponentType.PLATFORM}
    return Part(
        name=component.name,
        version=component.version or None,
        type=kinds.get(component.kind, ComponentType.LIBRARY),
        bom_ref=f"{component.kind}:{component.name}".replace(" ", "-"),
        licenses=[LicenseFactory().make_from_string(component.licence)],
        purl=_purl(component),
        description=component.note or None,
        external_references=[
            ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(url))
            for url in re.findall(r"https?://[^\s,;()]+", component.source)
        ],
    )


def _purl(component: Component) -> PackageURL | None:
    if component.kind == "python":
        return PackageURL("pypi", None, re.sub(r"[-_.]+", "-", component.name).lower(), component.version)
    if component.kind == "system":
        return PackageURL("deb", "debian", component.name.removesuffix(" (Debian)"), component.version)
    return None


def _inner(entry: dict[str, object], owner: Part) -> Part:
    purl = str(entry.get("purl") or "")
    name, version = str(entry["name"]), str(entry.get("version") or "")
    return Part(
        name=name,
        version=version or None,
        type=ComponentType.LIBRARY,
        bom_ref=f"{owner.bom_ref.value}/{name}@{version}",
        purl=PackageURL.from_string(purl) if purl else None,
    )


def _found(name: str, folder: Path | None) -> Path | None:
    if folder is None or not re.search(r"\.(so|dll|dylib|pyd|bin)(\.|$)", name):
        return None
    return next((path for path in (folder / "_internal" / name, folder / name) if path.is_file()), None)


def _file(name: str, path: Path, owner: Part) -> Part:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Part(
        name=name,
        type=ComponentType.FILE,
        bom_ref=f"{owner.bom_ref.value}/{name}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
    )
