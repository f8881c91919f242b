#!/bin/sh
# One crawl a night, at 03:15 and up to 20 minutes later, as deploy/armcrawl.timer does it; the first one at once.
# Arguments are those of `armcrawl`: nightly crawl --all
set -u
# What runs is `$!` from its first moment on, whenever the signal comes.
stop() {
  kill -TERM "${!-}" 2>/dev/null && wait "$!"
  exit 0
}
trap stop TERM INT

run() {
  "$@" &
  wait "$!"
}

while :; do
  run armcrawl "$@"
  now=$(date +%s)
  next=$(date -d 'today 03:15' +%s)
  [ "$next" -gt "$now" ] || next=$(date -d 'tomorrow 03:15' +%s)
  # Not every operator of the world at the same second.
  run sleep $((next - now + $(shuf -i 0-1200 -n 1)))
done
