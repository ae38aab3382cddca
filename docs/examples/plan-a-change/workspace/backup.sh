#!/bin/sh
# Copies every file of a folder that is not in the backup yet: sh backup.sh FROM TO
from=$1
to=$2

mkdir -p "$to"

for file in "$from"/*; do
    name=$(basename "$file")
    [ -e "$to/$name" ] || cp "$file" "$to/$name"
done
