# Sourced by ops/up, ops/test, ops/bench, ops/configuration: installs what is missing and builds what has changed. Safe to repeat.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=true
mkdir -p artifacts/build

say() { printf '%s\n' "$*"; }

fail() {
    printf 'Cannot go on: %s\n' "$*" >&2
    exit 1
}

# step NAME COMMAND...: one line of progress; the command's own words only when it fails.
step() {
    local name=$1 started=$SECONDS log
    shift
    log=artifacts/build/$(tr -c 'a-z0-9\n' '-' <<<"${name,,}").log
    printf '%-42s ' "$name"
    if "$@" >"$log" 2>&1 </dev/null; then
        say "done ($((SECONDS - started)) s)"
    else
        say "failed"
        tail -n 40 "$log" >&2
        fail "$name failed; all of its words are in $log"
    fi
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# install_missing COMMAND=PACKAGE...: installs the Debian packages whose command is not there.
install_missing() {
    local pair missing=()
    for pair in "$@"; do
        PATH=$PATH:/usr/sbin find_command "${pair%%=*}" || missing+=("${pair#*=}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null ||
        fail "missing here: ${missing[*]}. This system has no apt: install them by its own means, or run everything in containers with docker compose."
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
        fail "missing here: ${missing[*]}. Installing them needs root or sudo: apt-get install ${missing[*]}"
    step "Package lists" as_root apt-get update
    step "Installing ${missing[*]}" as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

find_command() {
    case $1 in
    /*) compgen -G "$1" >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

require_toolchains() {
    command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.' ||
        fail "the .NET 10 SDK is missing; see https://dotnet.microsoft.com/download"
    command -v node >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] && command -v npm >/dev/null ||
        fail "Node 20 or newer with npm is missing; see https://nodejs.org/"
}

install_servers() {
    install_missing /usr/lib/postgresql/*/bin/postgres=postgresql redis-server=redis-server etcd=etcd-server janus=janus ffmpeg=ffmpeg nginx=nginx "$@"
}

# changed_since STAMP PATH...: whether any file below the paths is newer than the stamp.
changed_since() {
    local stamp=$1
    shift
    [ ! -e "$stamp" ] || [ -n "$(find "$@" \( -name node_modules -o -name dist -o -name bin -o -name obj \) -prune -o -type f -newer "$stamp" -print -quit)" ]
}

build_web() {
    if [ ! -d web/node_modules ] || changed_since artifacts/build/web-packages web/package-lock.json; then
        step "Web packages" npm --prefix web ci --no-audit --no-fund
        touch artifacts/build/web-packages
    fi
    if [ ! -d web/dist ] || changed_since artifacts/build/web web; then
        step "Building the web app" npm --prefix web run build
        touch artifacts/build/web
    fi
}

# build_dotnet SOLUTION: a solution or a filter of one.
build_dotnet() {
    local stamp=artifacts/build/${1//\//-}
    if changed_since "$stamp" services domain projections tests ops ./*.props ./*.sln global.json .editorconfig; then
        step "Building $1" dotnet build "$1" -c Release -v q
        dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1 # nothing of the build stays running
        touch "$stamp"
    fi
}
