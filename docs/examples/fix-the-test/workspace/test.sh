#!/bin/sh
# Run it in this folder: sh test.sh
. ./slug.sh

failures=0

check() {
    actual=$(slug "$1")
    if [ "$actual" = "$2" ]; then
        printf 'ok      %s\n' "$1"
    else
        printf 'FAILED  %s: expected %s, found %s\n' "$1" "$2" "$actual"
        failures=$((failures + 1))
    fi
}

check 'Hello' 'hello'
check 'Hello World' 'hello-world'
check 'One, two, three' 'one-two-three'
check 'What is  new?' 'what-is-new'

[ "$failures" -eq 0 ]
