#!/bin/sh
# Makes this copy ready: `setup.sh run` to run it, `setup.sh test` to test it, `setup.sh postgres` for the
# tests on PostgreSQL. Needs Python 3.11 or later; gets the rest by itself where it may (root, or sudo without
# a password). What is already there is not touched, so a second call takes a fraction of a second.
set -eu
cd "$(dirname "$0")/.."

purpose=${1:-run}
venv=.venv
python=$venv/bin/python
log=$venv/setup.log
apt_is_fresh=no

say() { printf '→ %s\n' "$*"; }
warn() { printf '! %s\n' "$*" >&2; }
fail() {
  warn "$*"
  exit 1
}

# Runs a step whose failure is no news.
attempt() { "$@" >"$log" 2>&1 </dev/null 9>&-; }

# Runs a step quietly; when it fails, shows the end of what it wrote.
quietly() {
  if attempt "$@"; then return 0; fi
  tail -n 12 "$log" >&2
  return 1
}

# ---- packages of the system --------------------------------------------------------------------------------

may_install() {
  command -v apt-get >/dev/null || return 1
  [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

refresh_apt() {
  [ "$apt_is_fresh" = no ] || return 0
  apt_is_fresh=yes
  say "Cập nhật danh sách gói của hệ điều hành"
  quietly as_root apt-get update -q || warn "Không cập nhật được danh sách gói; dùng danh sách đang có."
}

is_offered() { apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'; }

# First of the named packages that this distribution really offers; the last one when it offers none.
offered() {
  for package in "$@"; do
    if is_offered "$package"; then break; fi
  done
  printf '%s\n' "$package"
}

# apt_install WHAT PACKAGE…: a package written `a|b` means the first of them that exists here.
# A refusal is remembered for half a day, so that a machine without a network does not wait at every start.
apt_install() {
  what=$1
  shift
  refusal=$venv/refused-$what
  if [ -n "$(find "$refusal" -mmin -720 2>/dev/null)" ]; then return 1; fi
  may_install || return 1
  refresh_apt
  packages=
  for choice in "$@"; do
    # shellcheck disable=SC2046  # the split at spaces is meant
    packages="$packages $(offered $(printf '%s' "$choice" | tr '|' ' '))"
  done
  say "Cài$packages (có thể mất vài phút)"
  # shellcheck disable=SC2086  # a list of package names
  quietly as_root apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 $packages && return 0
  touch "$refusal"
  return 1
}

# ---- Python and the locked requirements --------------------------------------------------------------------

find_python() {
  for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
    if command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

make_venv() {
  if "$python" -c 'import pip' 2>/dev/null; then return 0; fi
  system_python=$(find_python) || fail "Cần Python 3.11 trở lên. Cài bằng: sudo apt install python3"
  if ! "$system_python" -c 'import ensurepip, venv' 2>/dev/null; then
    package=$("$system_python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    apt_install venv "$package|python3-venv" ||
      fail "Thiếu $package. Cài bằng: sudo apt install $package, rồi chạy lại."
  fi
  say "Tạo môi trường Python trong $venv ($("$system_python" -V))"
  quietly "$system_python" -m venv "$venv" || fail "Không tạo được $venv; xoá thư mục này rồi chạy lại."
}

# The machine's own settings for pip (a mirror inside the office, a certificate) hold for uv too.
follow_pip_settings() {
  export UV_SYSTEM_CERTS=1 UV_LINK_MODE=copy UV_NO_PROGRESS=1 PIP_DISABLE_PIP_VERSION_CHECK=1
  index=$("$python" -m pip config get global.index-url 2>/dev/null || true)
  index=${PIP_INDEX_URL:-$index}
  if [ -n "$index" ]; then export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"; fi
}

install_with_uv() {
  attempt "$python" -m pip install --require-hashes --no-deps --only-binary :all: -r deploy/uv.txt &&
    attempt "$venv/bin/uv" pip install --python "$python" --require-hashes --no-deps --only-binary :all: \
      --compile-bytecode -r "$1"
}

install_with_pip() {
  quietly "$python" -m pip install --require-hashes --no-deps --only-binary :all: -r "$1"
}

fingerprint() { { "$python" -V && sha256sum deploy/uv.txt "$1"; } 2>/dev/null; }

is_installed() { [ "$(cat "$venv/installed-$1" 2>/dev/null)" = "$(fingerprint "$1")" ]; }

install_requirements() {
  lock=$1
  if is_installed "$lock"; then return 0; fi
  follow_pip_settings
  say "Cài các thư viện đã khoá trong $lock"
  rm -f "$venv"/installed-*
  if ! install_with_uv "$lock"; then
    say "Không dùng được uv, cài bằng pip (khoảng 2 phút)"
    install_with_pip "$lock" || fail "Không cài được thư viện. Kiểm tra kết nối mạng rồi chạy lại."
  fi
  fingerprint "$lock" >"$venv/installed-$lock"
}

# The development lock holds everything of the other one, in the same versions.
install_to_run() { is_installed requirements-dev.txt || install_requirements requirements.txt; }

# ---- what turns papers into PDF ----------------------------------------------------------------------------

has_writer() {
  office=$(command -v "${FLASK_SOFFICE:-soffice}") || return 1
  home=$(dirname "$(readlink -f "$office")")
  [ -e "$home/libswlo.so" ] || [ ! -e "$home/soffice.bin" ]
}

# True when Times New Roman, or its stand-in of the same widths, has every Vietnamese letter.
has_fonts() {
  command -v fc-match >/dev/null || return 1
  case $(fc-match -f '%{family}' 'Times New Roman') in
    *'Times New Roman'* | *'Liberation Serif'* | *Tinos*) ;;
    *) return 1 ;;
  esac
  fc-list ':charset=1ea0-1ef9 1a0-1a1 1af-1b0 110-111 102-103' file |
    grep -qF "$(fc-match -f '%{file}' 'Times New Roman'):"
}

get_office() {
  if has_writer && has_fonts; then return 0; fi
  apt_install office 'libreoffice-writer-nogui|libreoffice-writer' fontconfig \
    'fonts-liberation2|fonts-liberation' || true
  has_writer || warn "Chưa có LibreOffice nên chưa xuất được PDF. Cài bằng: sudo apt install libreoffice-writer"
  has_fonts || warn "Chưa có phông chữ thay Times New Roman đủ chữ Việt. Cài bằng: sudo apt install fonts-liberation2"
}

# ---- what the tests need beside it -------------------------------------------------------------------------

own_browsers=${PLAYWRIGHT_BROWSERS_PATH:-${HOME:-}/.cache/ms-playwright}

has_browser() {
  command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || ls -d "$own_browsers"/chromium-* >/dev/null 2>&1
}

# Debian has Chromium as a package; Ubuntu only as a snap, which tests cannot drive, so there Playwright brings one.
get_browser() {
  if has_browser; then return 0; fi
  if may_install; then refresh_apt; fi
  if is_offered chromium; then
    apt_install browser 'chromium-headless-shell|chromium' || true
  else
    say "Tải Chromium cho kiểm thử"
    attempt "$python" -m playwright install --with-deps chromium || true
  fi
  has_browser || warn "Chưa có Chromium cho các kiểm thử trên trình duyệt. Cài bằng: sudo apt install chromium"
}

get_test_tools() {
  get_browser
  if ! command -v pdftotext >/dev/null; then
    apt_install poppler poppler-utils || warn "Chưa có pdftotext. Cài bằng: sudo apt install poppler-utils"
  fi
  if ! ldconfig -p | grep -q libatomic.so.1; then # the driver of the browser tests loads it
    apt_install driver libatomic1 || warn "Chưa có thư viện của trình điều khiển trình duyệt. Cài bằng: sudo apt install libatomic1"
  fi
  if ! command -v softhsm2-util >/dev/null || ! command -v pkcs11-tool >/dev/null; then
    apt_install token softhsm2 opensc ||
      warn "Chưa có thiết bị ký mô phỏng cho các kiểm thử. Cài bằng: sudo apt install softhsm2 opensc"
  fi
}

has_postgres() { command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }

# Debian would make and start a server of its own; the tests bring theirs.
get_postgres() {
  if has_postgres; then return 0; fi
  if ! may_install; then fail "Chưa có PostgreSQL. Cài bằng: sudo apt install postgresql"; fi
  as_root mkdir -p /etc/postgresql-common/createcluster.d
  echo 'create_main_cluster = false' |
    as_root tee /etc/postgresql-common/createcluster.d/sangkien-tests.conf >/dev/null
  apt_install postgres 'postgresql-15|postgresql' || true
  as_root rm -f /etc/postgresql-common/createcluster.d/sangkien-tests.conf
  has_postgres || fail "Không cài được PostgreSQL. Cài bằng: sudo apt install postgresql"
}

# ---- texts -------------------------------------------------------------------------------------------------

compile_translations() {
  for catalogue in app/translations/*/LC_MESSAGES/messages.po; do
    [ -e "$catalogue" ] || continue
    compiled=${catalogue%.po}.mo
    if [ -e "$compiled" ] && [ -z "$(find "$catalogue" -newer "$compiled")" ]; then continue; fi
    quietly "$python" -m babel.messages.frontend compile -i "$catalogue" -o "$compiled" ||
      fail "Không biên dịch được $catalogue"
  done
}

mkdir -p "$venv"
exec 9>"$venv/setup.lock"
if command -v flock >/dev/null; then flock 9; fi

make_venv
case $purpose in
  run)
    install_to_run
    get_office
    ;;
  test)
    install_requirements requirements-dev.txt
    get_office
    get_test_tools
    ;;
  postgres)
    install_requirements requirements-dev.txt
    get_postgres
    ;;
  *) fail "setup.sh: run | test | postgres" ;;
esac
compile_translations
