"""Takes the pictures of the README: `python -m tests.e2e.screenshots [--data FOLDER]`.

Without `--data` the demonstration is loaded into a scratch folder, which takes a minute or two. The pictures show
the demonstration; one entry is handed in to the contest of this year, so that a task list and a score sheet in use
can be seen too. The folder given is changed by that: give a copy.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from app.core.vietnamese import parse_datetime
from tests.e2e import intake, jury, office
from tests.e2e.conftest import browser_arguments
from tests.e2e.people import Company, Person
from tests.e2e.world import ROOT, running

IMAGES = ROOT / "docs" / "images"
DESK, PHONE = (1366, 900), (360, 740)
COLOURS = 128
LARGEST = 200_000
PDF_PATIENCE = 600  # the papers of two seasons are converted one after the other
LOAD = ["-m", "flask", "--app", "tests.e2e.shifted_wsgi", "demo", "--if-empty"]
THIS_YEAR = "CT-2026"
CLOSES_AT = parse_datetime("17:00 31/12/2026")


def shoot(person: Person, name: str, size: tuple[int, int] = DESK, full: bool = False) -> None:
    """One picture of where the person is, small enough for a README."""
    person.page.set_viewport_size({"width": size[0], "height": size[1]})
    person.page.reload()  # the letters are in the browser by now; a slow first load shows the system's
    person.page.wait_for_load_state("networkidle")
    person.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    picture = Image.open(BytesIO(person.page.screenshot(full_page=full))).convert("RGB")
    path = IMAGES / f"{name}.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} kB", flush=True)
    assert path.stat().st_size < LARGEST, f"{path.name} is too large"


def sign_in_page(company: Company) -> None:
    """The demonstration accounts."""
    shoot(company.visitor().go("/dang-nhap"), "dang-nhap")


def what_waits(company: Company) -> None:
    """The office's first page."""
    shoot(company["vanphong"].go("/viec-cua-toi"), "viec-cua-toi")


def screening(company: Company) -> None:
    """An entry on its checklist, with what is similar."""
    shoot(company["vanphong"].go("/kiem-tra-ho-so").follow("Kiểm tra hồ sơ tiếp theo"), "kiem-tra-ho-so")


def ranking(company: Company) -> None:
    """The ranking of a finished contest."""
    shoot(company["truongban"].go("/xep-hang?cuoc_thi=CT-2024"), "xep-hang")


def paper(company: Company) -> None:
    """The decision on the result, page by page."""
    clerk = company["vanthu"].go("/van-ban?trang_thai=issued")
    rows = clerk.main.locator("tbody tr").filter(has_text="kết quả").filter(has_text="Quyết định")
    clerk.click(rows.first.get_by_role("link")).waits_for("Trang 1 trong", patience=PDF_PATIENCE)
    shoot(clerk, "van-ban")


def results(company: Company) -> None:
    """What everybody may read."""
    shoot(company.visitor().go("/ket-qua"), "ket-qua")


def task_list(company: Company) -> None:
    """A dossier half done, on a telephone; then it is finished and goes its way to the score sheet."""
    author = company["tacgia"]
    code = intake.start(author)
    intake.fill(author, code, intake.COUNTER, evidence=False)
    shoot(author.go(f"/ho-so/{code}"), "ho-so", PHONE, full=True)
    author.page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    author.go(f"/ho-so/{code}/phan/minh-chung")
    intake.attach(author, "minh-chung.png", intake.COUNTER.title)
    intake.confirm(company["donvi"], code)
    intake.submit(author, code)
    score_sheet(company, code)


def score_sheet(company: Company, code: str) -> None:
    """A judge at work."""
    company.world.go_to(CLOSES_AT + timedelta(minutes=1))
    company["vanphong"].go(f"/cuoc-thi/{THIS_YEAR}").waits_for("Đang kiểm tra hồ sơ")
    office.screen(company["vanphong"], code)
    secretary = company["thuky"].go(f"/hoi-dong/phan-cong?cuoc-thi={THIS_YEAR}")
    secretary.press("scorecard.assign")
    jury.open_judging(secretary, THIS_YEAR)
    judge = company["giamkhao1"].go("/cham-diem").follow("Chấm tiếp")
    judge.press("scorecard.accept")
    for box, mark in zip(judge.main.locator(".sheet input").all(), jury.HIGH, strict=True):
        box.fill(mark)
    judge.main.locator("[data-save-state]").get_by_text("Đã lưu").wait_for()
    shoot(judge, "cham-diem")


PICTURES: tuple[Callable[[Company], None], ...] = (
    sign_in_page,
    what_waits,
    screening,
    ranking,
    results,
    task_list,
    paper,
)


def main() -> None:
    """Take all pictures."""
    options = argparse.ArgumentParser(description="Takes the pictures of the README.")
    options.add_argument("--data", type=Path, help="a data folder with the demonstration, instead of a new one")
    given = options.parse_args().data
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as tools:
        settings = {"FLASK_DATA_DIR": str(given.resolve())} if given else {}
        with running(Path(scratch), LOAD, **settings) as world:
            browser = tools.chromium.launch(**browser_arguments())
            company = Company(world, browser, strict=False)
            for take in PICTURES:
                take(company)
            browser.close()


if __name__ == "__main__":
    main()
