#!/bin/sh
# `npm start`: installs what is missing, builds what has changed, and becomes the demo.
set -eu
here=$(dirname "$0")
sh "$here/setup.sh"
root=$(cd "$here/.." && pwd)
PATH=$root/node_modules/.bin:$PATH
export PATH

# Anything newer than the last build?
if [ ! -e "$root/dist/main.js" ] ||
  [ -n "$(find "$root/src" "$root/bridges" "$root/package.json" "$root/deploy/build.mjs" -newer "$root/dist/main.js" -print | head -n 1)" ]; then
  echo 'Building…'
  node "$root/deploy/build.mjs"
fi
exec node "$root/dist/main.js" demo "$@"
