#!/bin/sh
# Installs what is missing, brings the database up to date and runs the application on PORT (8000) until Ctrl-C.
# Other settings: .env.example and docs/operations.md.
set -eu
cd "$(dirname "$0")/.."

# Value of a setting: from the environment, else from .env, else the default.
setting() {
  eval "value=\${$1-}"
  if [ -z "$value" ] && [ -r .env ]; then
    value=$(sed -n "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*//p" .env | tail -n 1 | tr -d "\"'\r")
  fi
  printf '%s\n' "${value:-$2}"
}

PORT=$(setting PORT 8000)
LISTEN=$(setting LISTEN 127.0.0.1)
FLASK_DEMO=$(setting FLASK_DEMO 1)
if [ "$FLASK_DEMO" = true ]; then FLASK_DEMO=1; fi
FLASK_BASE_URL=$(setting FLASK_BASE_URL "http://localhost:$PORT") # what QR codes and messages lead to
export PORT LISTEN FLASK_DEMO FLASK_BASE_URL
unset PYTHONDONTWRITEBYTECODE # the second start is quick because the first one compiled

case $PORT in
  '' | *[!0-9]*)
    echo "! PORT phải là một số, ví dụ: PORT=8000 make run" >&2
    exit 1
    ;;
esac

sh deploy/setup.sh run
umask 077 # what the application writes is its own

.venv/bin/python - <<'PYTHON' || exit 1
import os, socket, sys

with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((os.environ["LISTEN"], int(os.environ["PORT"])))
    except (OSError, OverflowError) as error:
        sys.exit(f"! Không mở được cổng {os.environ['PORT']} ({error}). Chọn cổng khác: PORT=8001 make run")
PYTHON

echo "→ Chuẩn bị cơ sở dữ liệu"
.venv/bin/python -m deploy.prepare
echo "→ Khởi động máy chủ"
exec .venv/bin/python -m deploy.supervise
