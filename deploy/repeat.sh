#!/bin/sh
# `npm run test:repeat -- 10`: the whole of `npm test` so many times, the closing line of each, and in test-repeat.log what failed. Stops at nothing;
# its exit code says whether all of them passed. Further arguments go to vitest.
set -u
cd "$(dirname "$0")/.." || exit 1
times=${1:-10}
[ $# -gt 0 ] && shift
case $times in
  '' | *[!0-9]*)
    echo 'npm run test:repeat -- TIMES [ARGUMENTS OF VITEST]' >&2
    exit 2
    ;;
esac
log=$(mktemp)
trap 'rm -f "$log"' EXIT
: >test-repeat.log
failed=0
n=0
while [ "$n" -lt "$times" ]; do
  n=$((n + 1))
  began=$(date +%s)
  if sh deploy/test.sh "$@" >"$log" 2>&1; then said=; else
    said=' (see test-repeat.log)'
    failed=$((failed + 1))
    { echo "== run $n" && cat "$log"; } >>test-repeat.log
  fi
  echo "run $n of $times: $(tail -n 1 "$log"), $(($(date +%s) - began)) s$said"
done
[ $failed -eq 0 ] && rm -f test-repeat.log
echo "$((times - failed)) of $times runs passed"
[ $failed -eq 0 ]
