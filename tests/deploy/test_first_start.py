"""`flask --app wsgi` works with no settings: processes that start at once on nothing find one sound database."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ASK = """
import wsgi
client = wsgi.app.test_client()
print(client.get("/dang-nhap").status_code, client.get("/").status_code, client.get("/readyz").status_code)
"""


def test_first_starts_at_once(tmp_path):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
    environ["FLASK_DATA_DIR"] = str(tmp_path)
    started = [
        subprocess.Popen([sys.executable, "-c", ASK], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [process.communicate(timeout=120)[0] for process in started] == ["200 200 200\n"] * 3
    kept = tmp_path / "secret_key"
    assert len(kept.read_text()) >= 32
    assert kept.stat().st_mode & 0o777 == 0o600
