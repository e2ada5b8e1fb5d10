#!/bin/sh
# `npm test`: installs what is missing, then build, types, lint and every kind of test. The last line counts the tests.
# Arguments go to vitest: npm test -- --project unit
set -u
cd "$(dirname "$0")/.." || exit 1
sh deploy/setup.sh --with-tests || exit 1
PATH=$PWD/node_modules/.bin:$PATH
export PATH

# What tests write is thrown away, but servers wait for the disk with every message, and a disk that stands still for ten seconds is a fault of its own: where there is
# memory to spare they write there. Servers run as users of their own, hence the mode.
memory=
room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print int($4 / 1048576) }')
spare=$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null)
if [ -z "${TMPDIR:-}" ] && [ "${room:-0}" -ge 2 ] && [ "${spare:-0}" -ge 4 ]; then
  memory=$(mktemp -d /dev/shm/t.XXXXXX) && chmod 1777 "$memory"
  [ -n "$memory" ] && export TMPDIR="$memory"
fi
work=$(mktemp -d)
trap 'rm -rf "$work" ${memory:+"$memory"}' EXIT
trap 'exit 130' INT TERM
# The end-to-end tests need not build again, and the hundreds of processes that they start need not compile the same modules.
export ISTHMUS_BUILT=yes NODE_COMPILE_CACHE="$work/compiled"
step() { # NAME COMMAND…
  name=$1
  shift
  echo "== $name"
  "$@" || echo "$name" >>"$work/failed"
}
# LANE ARGUMENTS…: a run of vitest, with a report of its own.
tests() {
  lane=$1
  shift
  export ISTHMUS_TEST_REPORT="$work/$lane.json"
  step "$lane" vitest run --config test/vitest.config.ts --reporter=default --reporter=./deploy/test-report.mjs "$@"
}

step build node deploy/build.mjs
if [ $# -gt 0 ]; then
  step types tsc -p tsconfig.json
  step lint biome check --error-on-warnings .
  tests tests "$@"
else
  # Servers take their time: while the end-to-end tests wait for theirs, everything else uses the cores. It is printed behind them.
  {
    step types nice -n 5 tsc -p tsconfig.json
    step lint nice -n 5 biome check --error-on-warnings .
    tests others --project '!e2e'
  } >"$work/others" 2>&1 &
  tests end-to-end --project e2e
  wait
  cat "$work/others"
fi

[ -f "$work/failed" ] && echo "Failed: $(paste -sd' ' "$work/failed")" >&2
node deploy/count-tests.mjs "$work"/*.json || exit 1
[ ! -f "$work/failed" ]
