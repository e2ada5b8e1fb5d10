#!/bin/sh
# Installs what is missing for `npm start`, or with --with-tests for `npm test`: npm packages, and servers by apt-get where it may.
# Changes nothing that is there already; services that run are left alone, new packages don't start theirs.
set -eu
cd "$(dirname "$0")/.."

tests=no
[ "${1:-}" = --with-tests ] && tests=yes
PATH=$PATH:/usr/sbin:/usr/local/sbin:/sbin

have() { command -v "$1" >/dev/null 2>&1; }

# --- npm packages -------------------------------------------------------------------------------------------------------------------------
# npm writes node_modules/.package-lock.json at the end of every install.
if [ ! -e node_modules/.package-lock.json ] || [ -n "$(find package-lock.json -newer node_modules/.package-lock.json)" ]; then
  if ! have npm; then
    echo 'npm is missing. Install Node.js with npm: https://nodejs.org/en/download (Debian: apt-get install npm), then start again.' >&2
    exit 1
  fi
  echo 'Installing npm packages…'
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.package-lock.json
fi

# --- servers ------------------------------------------------------------------------------------------------------------------------------
missing=
need() { # PROGRAM PACKAGE
  have "$1" || missing="$missing $2"
}
need redis-server redis-server
need prosody prosody
have inspircd || need ngircd ngircd
need openssl openssl
if [ $tests = yes ]; then
  need ngircd ngircd
  need inspircd inspircd
  need profanity profanity
  need tmux tmux
  need chromium chromium
fi
missing=$(echo "$missing" | tr ' ' '\n' | sort -u | tr '\n' ' ' | sed 's/^ *//;s/ *$//')
[ -z "$missing" ] && exit 0

explain() {
  {
    echo "Isthmus needs programs that are not installed here: $missing"
    echo 'Install them, then start again:'
    echo "  Debian, Ubuntu:  sudo apt-get install $missing"
    echo '  Fedora:          sudo dnf install redis prosody ngircd openssl'
    echo '  Arch:            sudo pacman -S redis prosody ngircd openssl'
    echo '  macOS:           brew install redis ngircd openssl && brew tap prosody/prosody && brew install prosody'
    echo '  FreeBSD:         sudo pkg install redis prosody ngircd openssl'
    echo 'Their services need not run: Isthmus starts what it needs by itself.'
  } >&2
  exit 1
}

have apt-get || explain
if [ "$(id -u)" = 0 ]; then
  as_root=
elif have sudo && sudo -n true 2>/dev/null; then
  as_root='sudo -n'
else
  explain
fi

# A package's script starts its service unless /usr/sbin/policy-rc.d says 101. One that is there already is not ours to change.
policy=/usr/sbin/policy-rc.d
ours=no
forbid_services() {
  [ -e $policy ] && return
  ours=yes
  printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
  $as_root chmod 755 $policy
}
allow_services() {
  [ $ours = yes ] && $as_root rm -f $policy
  return 0
}
trap allow_services EXIT
trap 'exit 1' HUP INT TERM

install() { # PACKAGE…
  $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends -o Dpkg::Use-Pty=0 "$@"
}

echo "Installing $missing (their services are not started)…"
forbid_services
log=$(mktemp)
# The package lists of a fresh machine may be empty or old.
# shellcheck disable=SC2086 # one word each
if ! install $missing >"$log" 2>&1 && ! { $as_root apt-get update -q >>"$log" 2>&1 && install $missing >>"$log" 2>&1; }; then
  tail -n 15 "$log" >&2
  rm -f "$log"
  explain
fi
rm -f "$log"
