#!/bin/sh
# Installs what is missing for `npm start`, or with --with-tests for `npm test`: npm packages, and servers by apt-get where it may.
# Changes nothing that is there already; services that run are left alone, new packages neither start nor enable theirs.
set -eu
cd "$(dirname "$0")/.."

tests=no
[ "${1:-}" = --with-tests ] && tests=yes
PATH=$PATH:/usr/sbin:/usr/local/sbin:/sbin

have() { command -v "$1" >/dev/null 2>&1; }

# --- what is missing, and may we install it? ----------------------------------------------------------------------------------------------
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
  need atheme-services atheme-services
  need ejabberdctl ejabberd
  need profanity profanity
  need tmux tmux
  need microsocks microsocks
  need znc znc
  need biboumi biboumi
  ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || missing="$missing libfaketime"
  need chromium chromium
  # Debian keeps its programs out of PATH.
  have initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
  [ -e /usr/lib/python3/dist-packages/slixmpp ] || missing="$missing python3-slixmpp"
  [ -e /usr/lib/prosody/modules/mod_privilege ] || missing="$missing prosody-modules"
fi
# Unpacked into a directory of their own: ircd-hybrid, which as a package excludes ngircd, as a program does not; and soju, which Debian has from 13 on.
unpacked=/opt/isthmus-tests
hybrid=no
soju=no
if [ $tests = yes ] && ! have ircd-hybrid; then
  hybrid=yes
  missing="$missing libltdl7 libgnutls30"
fi
may_install() { have apt-get && { [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }; }
# Where it can't be had, what is tested with it is skipped.
if [ $tests = yes ] && ! have soju && [ ! -e $unpacked/no-soju ] && may_install; then
  soju=yes
  missing="$missing libpam0g libsqlite3-0"
fi
missing=$(echo "$missing" | tr ' ' '\n' | sort -u | tr '\n' ' ' | sed 's/^ *//;s/ *$//')

explain() {
  {
    echo "Isthmus needs programs that are not installed here: $missing"
    echo 'Install them, then start again:'
    echo "  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install --no-install-recommends $missing"
    if [ $tests = yes ]; then
      [ $hybrid = no ] || echo "  and ircd-hybrid: apt-get download ircd-hybrid && sudo dpkg-deb -x ircd-hybrid_*.deb $unpacked && sudo ln -s $unpacked/usr/lib/ircd-hybrid /usr/lib/ && sudo ln -s $unpacked/usr/sbin/ircd-hybrid /usr/local/sbin/"
      echo '  Other systems:   packages of these or similar names. npm start needs only redis, prosody, ngircd and openssl.'
    else
      echo '  Fedora:          sudo dnf install redis prosody ngircd openssl'
      echo '  Arch:            sudo pacman -S redis prosody ngircd openssl'
      echo '  macOS:           brew install redis ngircd openssl && brew tap prosody/prosody && brew install prosody'
      echo '  FreeBSD:         sudo pkg install redis prosody ngircd openssl'
    fi
    echo 'Their services need not run: Isthmus starts what it needs by itself.'
  } >&2
  exit 1
}

as_root=
if [ -n "$missing" ]; then
  may_install || explain
  [ "$(id -u)" = 0 ] || as_root='sudo -n'
fi

# --- npm packages -------------------------------------------------------------------------------------------------------------------------
# npm writes node_modules/.package-lock.json at the end of every install. What is only linked here is another tree's, and npm ci would empty it first.
if [ -L node_modules ]; then
  echo 'node_modules is a link: its packages are left as they are.'
elif [ ! -e node_modules/.package-lock.json ] || [ -n "$(find package-lock.json -newer node_modules/.package-lock.json)" ]; then
  if ! have npm; then
    echo 'npm is missing. Install Node.js with npm: https://nodejs.org/en/download (Debian: apt-get install npm), then start again.' >&2
    exit 1
  fi
  # npm 9, which Debian 12 has, stumbles over a package that links to a part of itself.
  case $(npm --version) in
    [1-9].*) npm='npm exec --yes -- npm@10' ;;
    *) npm=npm ;;
  esac
  echo 'Installing npm packages (about 200, a minute or so)…'
  if ! $npm ci --no-audit --no-fund --no-update-notifier --loglevel=error; then
    echo 'npm could not install the packages of Isthmus: see above. Is the network there? Then start again.' >&2
    exit 1
  fi
  touch node_modules/.package-lock.json
fi

# --- servers ------------------------------------------------------------------------------------------------------------------------------
[ -z "$missing" ] && exit 0

# A package's script starts its service unless /usr/sbin/policy-rc.d says 101. One of somebody else is not ours to change; one of ours is from
# an installation that was killed.
policy=/usr/sbin/policy-rc.d
mark='written by Isthmus while it installs packages'
ours=no
forbid_services() {
  if [ -e $policy ] && ! grep -q "$mark" $policy; then return; fi
  ours=yes
  printf '#!/bin/sh\n# %s\nexit 101\n' "$mark" | $as_root tee $policy >/dev/null
  $as_root chmod 755 $policy
}
log=$(mktemp)
teller=
leave() {
  [ -n "$teller" ] && kill "$teller" 2>/dev/null
  [ $ours = yes ] && $as_root rm -f $policy
  rm -f "$log"
  return 0
}
trap leave EXIT
trap 'exit 1' HUP INT TERM

apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 RUNLEVEL=1 apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@" >>"$log" 2>&1
}
install() { # PACKAGE…
  apt install -y --no-install-recommends "$@"
}

echo "Installing $missing by apt-get (their services are not started)…"
forbid_services
# Whoever waits sees what apt-get is at. A signal that comes while a shell forks is lost in some shells: so it looks for us, too.
while sleep 3 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do tail -n 1 "$log" | cut -c 1-120 | sed 's/^ */  /'; done &
teller=$!
# The package lists of a fresh machine may be empty or old.
# shellcheck disable=SC2086 # one word each
if ! install $missing && ! { apt update && install $missing; }; then
  echo 'apt-get could not install them. Its last words:' >&2
  tail -n 12 "$log" | sed 's/^/  /' >&2
  explain
fi
unpack() { # PACKAGE…
  for package in "$@"; do $as_root dpkg-deb -x "$place/${package}"_*.deb $unpacked || return 1; done
}
link() { # FILE DIRECTORY
  $as_root ln -sfn "$unpacked/$1" "$2/"
}
download() { # apt-get's options and PACKAGE…
  (cd "$place" && apt-get -q download "$@" >>"$log" 2>&1)
}
get_hybrid() {
  # Its modules are looked for where the package would have put them.
  download ircd-hybrid && unpack ircd-hybrid && link usr/lib/ircd-hybrid /usr/lib && link usr/sbin/ircd-hybrid /usr/local/sbin
}
# From the machine's own mirror; an older Debian's has the newer one's packages too.
get_soju() {
  if ! download soju soju-utils; then
    # shellcheck disable=SC2016 # these are apt's
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' | sed -n 's/ [a-z]* main$//p' | head -n 1)
    mkdir -p "$place/lists/partial" "$place/cache/archives/partial"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$place/sources.list"
    apart="-o Dir::Etc::sourcelist=$place/sources.list -o Dir::Etc::sourceparts=- -o Dir::State::lists=$place/lists -o Dir::Cache=$place/cache -o APT::Sandbox::User=$(id -un)"
    # shellcheck disable=SC2086 # one word each
    apt-get -q $apart update >>"$log" 2>&1 && download $apart soju soju-utils || return 1
  fi
  unpack soju soju-utils && for program in soju sojudb sojuctl; do link usr/bin/$program /usr/local/sbin || return 1; done
}
for package in hybrid soju; do
  case $package in hybrid) wanted=$hybrid ;; *) wanted=$soju ;; esac
  [ "$wanted" = yes ] || continue
  place=$(mktemp -d)
  chmod 755 "$place"
  $as_root mkdir -p $unpacked
  if ! get_$package; then
    echo "$package could not be unpacked. The last words:" >&2
    tail -n 12 "$log" | sed 's/^/  /' >&2
    [ $package = soju ] || explain
    echo "Going on without soju, which Debian has from 13 on: what is tested with it is skipped. To try again: rm $unpacked/no-soju" >&2
    $as_root touch $unpacked/no-soju
  fi
  rm -rf "$place"
done
# Else they would start with the machine, and take the ports.
if have systemctl; then
  for service in $missing; do $as_root systemctl --quiet disable "$service" >/dev/null 2>&1 || true; done
fi
