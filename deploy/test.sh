#!/bin/sh
# `npm test`: installs what is missing, then build, types, lint and every kind of test. The last line counts the tests.
# Arguments go to vitest: npm test -- --project unit
set -u
cd "$(dirname "$0")/.." || exit 1
sh deploy/setup.sh --with-tests || exit 1
PATH=$PWD/node_modules/.bin:$PATH
export PATH

failed=
step() { # NAME COMMAND…
  name=$1
  shift
  echo "== $name"
  "$@" || failed="$failed $name"
}
report=$(mktemp)
trap 'rm -f "$report"' EXIT

step build node deploy/build.mjs
step types tsc -p tsconfig.json
step lint biome check --error-on-warnings .
step tests vitest run --config test/vitest.config.ts --reporter=default --reporter=json --outputFile.json="$report" "$@"

[ -n "$failed" ] && echo "Failed:$failed" >&2
node deploy/count-tests.mjs "$report" || failed=yes
[ -z "$failed" ]
