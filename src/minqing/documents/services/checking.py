"""Is an uploaded Word file a template that may be used? Every refusal is a sentence for the operator.

Looked at before anything is unpacked: how large the parts say they are (the unpacker reads no more than that),
macros, embedded files, links that Word would follow by itself, field codes. Then the template is filled in with
made-up fields: what runs code or names a field that is not there fails here, not on the day of printing.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SecurityError

from minqing.core.errors import Invalid
from minqing.core.text import one_line
from minqing.documents.kinds import Fields
from minqing.documents.word import filled

LARGEST_FILE: Final = 5_000_000
LARGEST_UNPACKED: Final = 40_000_000
MOST_PARTS: Final = 400
_ACTIVE = re.compile(r"vbaproject|vbadata|/embeddings/|/activex/|/ctrlprops/|\.bin$", re.IGNORECASE)
# that Word opens only when somebody clicks on it
LINK: Final = "/hyperlink"
_FETCHES = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|MACROBUTTON|IMPORT|LINK|RD)\b", re.IGNORECASE)
# names in Word's files as the parser gives them: namespace and name
_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT: Final = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_CODE: Final = frozenset(f"{space} instrText" for space in (_WORD, _STRICT))
_EDGE: Final = frozenset(f"{space} fldChar" for space in (_WORD, _STRICT))
_INSTR: Final = frozenset(f"{space} instr" for space in (_WORD, _STRICT))


def check_template(content: bytes, sample: Fields) -> None:
    """Raise Invalid with the reason unless ``content`` is a usable template for fields of the shape of ``sample``."""
    if len(content) > LARGEST_FILE:
        raise Invalid("template_large", _("This file is larger than 5 MB. Make its pictures smaller."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_parts(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise unreadable() from None
    try_out(content, sample)


def check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Invalid("template_bomb", _("Unpacked this file would be far too large. Save it anew in Word."))
    if "word/document.xml" not in {part.filename for part in parts}:
        raise unreadable()
    if any(_ACTIVE.search(part.filename) for part in parts):
        raise Invalid("template_macro", _("This file has macros or embedded files. Save it without them as .docx."))
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            check_xml(archive.read(part))


def check_xml(xml: bytes) -> None:
    # entities would blow up, and another encoding hide what is looked for; Word writes UTF-8 and no document type
    if b"\0" in xml or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise unreadable()
    part = DocumentPart()
    try:
        part.read(xml)
    except ExpatError:
        raise unreadable() from None
    if part.macros:
        raise Invalid("template_macro", _("This file has macros or embedded files. Save it without them as .docx."))
    if part.outside:
        raise Invalid("template_outside", _("This file loads something from elsewhere. Put pictures into it instead."))
    if any(_FETCHES.search(code) or "{" in code or "}" in code for code in part.codes):
        raise Invalid("template_codes", _("A field code of Word in this file fetches something. Remove it."))


class DocumentPart:
    """What one part of a Word file would do when it is opened, read in one pass.

    ``codes`` are the field codes, each whole: Word itself cuts one into several runs.
    """

    def __init__(self) -> None:
        self.codes: list[str] = [""]
        self.macros = self.outside = False
        self.in_code = False

    def read(self, xml: bytes) -> None:
        """Raises ExpatError for what is no XML."""
        parser = ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self.begin, self.end
        parser.CharacterDataHandler = self.text
        parser.Parse(xml, True)

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.in_code = name in _CODE
        if name in _EDGE:
            self.codes.append("")
        self.codes += [value for key, value in attributes.items() if key in _INSTR]
        self.macros = self.macros or any("macroenabled" in value.lower() for value in attributes.values())
        if attributes.get("TargetMode", "").lower() == "external" and not attributes.get("Type", "").endswith(LINK):
            self.outside = True

    def end(self, _name: str) -> None:
        self.in_code = False

    def text(self, text: str) -> None:
        if self.in_code:
            self.codes[-1] += text


def try_out(content: bytes, sample: Fields) -> None:
    try:
        filled(content, sample)
    except SecurityError as error:
        raise Invalid("template_code", str(error)) from None
    except TemplateSyntaxError as error:
        sentence = _("A tag in the template is not written right: {error}")
        raise Invalid("template_syntax", format_lazy(sentence, error=one_line(str(error.message), 120))) from None
    except UndefinedError as error:
        sentence = _("The template names a field that there is not: {error}")
        raise Invalid("template_field", format_lazy(sentence, error=one_line(str(error.message), 120))) from None
    except TemplateError as error:
        sentence = _("A tag in the template is not written right: {error}")
        raise Invalid("template_syntax", format_lazy(sentence, error=one_line(str(error), 120))) from None
    # whatever a damaged file makes the reader stumble over
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError, RecursionError, SyntaxError):
        raise unreadable() from None


def unreadable() -> Invalid:
    return Invalid("template_unreadable", _("This is no Word file that can be read. Save it as .docx and try again."))
