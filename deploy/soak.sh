#!/bin/sh
# `npm run soak -- [ROUNDS] [SEED]`: the table of faults (test/e2e/faults*.test.ts), each as long as outages are, in the order of that seed, so many times; then
# 100,000 histories of the model of owners. The same seed plays the same. Without a seed: one of the hour, which is printed.
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-3}
seed=${2:-$(date +%s)}
case $rounds$seed in
  *[!0-9]*)
    echo 'npm run soak -- [ROUNDS] [SEED]' >&2
    exit 2
    ;;
esac
sh deploy/setup.sh --with-tests
PATH=$PWD/node_modules/.bin:$PATH
began=$(date +%s)
echo "Soaking: $rounds rounds of faults, seed $seed (again: npm run soak -- $rounds $seed)"
failed=0
ISTHMUS_SOAK=$rounds ISTHMUS_SEED=$seed vitest run --config test/vitest.config.ts --project e2e test/e2e/faults || failed=1
FC_RUNS=${FC_RUNS:-100000} FC_SEED=$seed vitest run --config test/vitest.config.ts --project unit test/unit/delivery/ownership || failed=1
[ $failed = 0 ] && verdict='nothing was lost, nothing out of order' || verdict='see above'
echo "Soaked for $((($(date +%s) - began) / 60)) minutes with seed $seed: $verdict"
exit $failed
