"""The core's sentences in the language of the interface."""

from __future__ import annotations

import pytest
from django.utils import translation

from minqing.core.errors import FormatError
from minqing.core.formats import check_identity_number

PLACES = {"en": "this one has 6", "zh-hans": "现在是 6 位", "zh-hant": "現在是 6 位"}


@pytest.mark.parametrize("language", PLACES)
def test_a_refusal_speaks_the_language_in_which_it_is_read(language: str) -> None:
    with pytest.raises(FormatError) as caught:
        check_identity_number("330683")
    with translation.override(language):
        assert PLACES[language] in str(caught.value.sentence)
