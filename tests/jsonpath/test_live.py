"""Random paths against Debian's libjsonpath-java (2.0.0) on a JVM."""

import os

import pytest

from jsonpath.generator import Generator
from jsonpath.oracle import agrees, java_answers, missing, our_answer

COUNT = int(os.environ.get("VTLSIM_JSONPATH_LIVE", "1000"))
"""Questions of each kind."""

pytestmark = [pytest.mark.reference, pytest.mark.skipif(missing() is not None, reason=missing() or "")]


@pytest.mark.parametrize("kind", ["definite", "simple", "filter", "rich", "broken"])
def test_random_paths(kind):
    maker = Generator(f"live {kind}")
    questions = []
    for number in range(COUNT):
        if number % 5 == 0:
            document = maker.document()
        questions.append((document, maker.path(kind)))
    different = [
        (question, wanted, given)
        for question, wanted in zip(questions, java_answers(questions), strict=True)
        if "\ufffd" not in str(wanted.get("compiled"))
        and not agrees(wanted, given := our_answer(*question, rules="2.0"), messages=False)
    ]
    assert different == []
