#!/bin/sh
# Run it in this folder: sh test.sh
work=$(mktemp -d)
mkdir "$work/from"
printf 'one' > "$work/from/a"

sh backup.sh "$work/from" "$work/to"

[ "$(cat "$work/to/a")" = one ] || exit 1
rm -r "$work"
