#!/bin/sh
# Installs what pip cannot bring: `run` the text layout and the Chinese font for PDFs, `test` also a browser and a broker.
# Does nothing where it is there already; says what to do where it may not install.
set -eu
need=""
python="${PYTHON:-python3}"
has_library() { "$python" -c "import ctypes.util,sys; sys.exit(not ctypes.util.find_library('$1'))"; }
has_library pangoft2-1.0 || need="$need libpango-1.0-0 libpangoft2-1.0-0"
has_library harfbuzz-subset || need="$need libharfbuzz-subset0"
if ! ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1 &&
   ! fc-list :lang=zh family 2>/dev/null | grep -q .; then
    need="$need fonts-noto-cjk fontconfig"
fi
if [ "${1:-run}" = test ]; then
    command -v chromium >/dev/null || need="$need chromium"
    command -v pdftoppm >/dev/null || need="$need poppler-utils"
    # Debian puts it where only root looks
    PATH="$PATH:/usr/sbin" command -v mosquitto >/dev/null || need="$need mosquitto"
fi
[ -n "$need" ] || exit 0
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "Please install these packages, then try again:$need" >&2
    exit 1
fi
echo "Installing$need"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of packages
apt-get install -y -qq --no-install-recommends $need >/dev/null
