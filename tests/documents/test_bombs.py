"""Templates that never end or want all memory, under the limits as shipped: half a minute, 512 MiB, and plain words.

`test_rendering.py` tries each of them under tight limits every time.
"""

import subprocess
import sys

import pytest

from app.documents.templating import rendering
from app.documents.templating.rendering import Limits
from tests.documents.test_rendering import BOMBS, in_body

MIB = 1024 * 1024
# In a process of its own, so that the largest child that it waited for is the one that fills the template.
RUN = """
import dataclasses, pathlib, resource, sys
from app.documents.templating import rendering, store
template = dataclasses.replace(store.load("submission"), path=pathlib.Path(sys.argv[1]))
sample = template.sample() | {"report": ["x"] * 400, "subject": "y" * 20000}
try:
    rendering.render(template, sample)
except rendering.RenderError as error:
    print(error.message)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""
ENDLESS = ("time", "power")


def test_the_limits_as_shipped():
    assert (Limits().memory, Limits().wall, Limits().cpu) == (512 * MIB, 30, 20)


@pytest.mark.parametrize("bomb", [pytest.param(b, marks=pytest.mark.slow) if b in ENDLESS else b for b in BOMBS])
def test_a_bomb_keeps_within_the_limits_and_is_told_in_plain_words(bomb, template, tmp_path):
    path = tmp_path / "template.docx"
    path.write_bytes(in_body(template, "{% set x = report %}{% set big = subject %}" + BOMBS[bomb]))
    done = subprocess.run([sys.executable, "-c", RUN, str(path)], capture_output=True, text=True, check=True)
    message, used = done.stdout.strip().rsplit("\n", 1)
    assert message in (rendering.TOO_MUCH, rendering.TOO_BIG)
    assert int(used) <= 512 * MIB
