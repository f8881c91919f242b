#!/bin/sh
# Builds sdist and wheel twice, compares, checks and tries them: `make release`. The result lies in dist/.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The time of the last commit stands in all files, so that who builds it later gets the same bytes.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
for place in dist "$work/again"; do
  rm -rf "$place"
  # The wheel is built from the sdist: what lacks in it lacks in the wheel.
  "$PYTHON" -m build --no-isolation --outdir "$place" .
done
for file in dist/*; do
  cmp "$file" "$work/again/$(basename "$file")"
done
"$PYTHON" -m twine check --strict dist/*

"$PYTHON" -m venv "$work/venv"
installed="$work/venv/bin"
"$installed/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/requirements.txt
"$installed/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-index dist/*.whl
"$installed/python" -m pip check
cd "$work"
"$installed/armcrawl" demo --database "sqlite:///$work/demo.db"
cd - >/dev/null
(cd dist && sha256sum -- *)
