#!/usr/bin/env bash
# Runs every test suite and ends with one line: N passed, N failed, N skipped.
#
#   ./test.sh           what a change must pass: the fault and load suites take a few seeded points
#   ./test.sh --full    the acceptance counts: every fault and load suite in full
#
# It needs the .NET 10 SDK, Node 20, curl, jq, Chromium, PostgreSQL (13 or later, its server programs), Redis and nginx. On Debian and Ubuntu it
# installs the missing ones when it runs as root or may use sudo; elsewhere it says what to install. A missing one fails the run.
set -uo pipefail
cd "$(dirname "$0")"

say() { printf '%s\n' "$*" >&2; }
die() { say "test.sh: $*"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }

for argument in "$@"; do
  case "$argument" in
    --full) export AGENTLAB_TEST_FULL=1 ;;
    *) die "unknown argument $argument (allowed: --full)" ;;
  esac
done

has_postgres() { command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
has_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

missing=()
has_chromium || missing+=(chromium)
has_postgres || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
command -v curl >/dev/null || missing+=(curl)
command -v jq >/dev/null || missing+=(jq)
if [ ${#missing[@]} -gt 0 ]; then
  say "installing: ${missing[*]}"
  root=()
  [ "$(id -u)" = 0 ] || root=(sudo -n)
  command -v apt-get >/dev/null || die "please install: ${missing[*]}"
  { "${root[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >&2 \
    || die "could not install: ${missing[*]}. Install them and run again."
fi
command -v dotnet >/dev/null || die "please install the .NET 10 SDK"
command -v node >/dev/null || die "please install Node 20 or later"

results=artifacts/test-results
rm -rf "$results"
say "building"
dotnet build AgentLab.sln -nologo -v q -clp:NoSummary || die "the build failed"
for folder in AgentLab.Tests/*/package.json; do
  [ -f "$folder" ] || continue
  say "npm ci in $(dirname "$folder")"
  (cd "$(dirname "$folder")" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2) || die "npm ci failed in $(dirname "$folder")"
done

say "testing the canvas"
mkdir -p "$results"
canvas="$PWD/$results/canvas.json"
(cd AgentLab.Web/Canvas && npm run --silent check && npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="$canvas") >&2
canvas_status=$?

say "testing"
dotnet test AgentLab.Tests --no-build --nologo -v q --results-directory "$results" --logger "trx;LogFileName=dotnet.trx" --logger "console;verbosity=minimal"
status=$?

count() { # attribute: its sum over the counters of all result files
  cat "$results"/*.trx 2>/dev/null | grep -o '<Counters [^>]*>' | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ n += $1 } END { print n + 0 }'
}
canvas_count() { jq ".$1 // 0" "$canvas" 2>/dev/null || echo 0; } # counter of vitest's report
passed=$(count passed) failed=$(( $(count failed) + $(count error) + $(count timeout) + $(count aborted) )) executed=$(count executed) total=$(count total)
skipped=$(( total - executed + $(canvas_count numPendingTests) + $(canvas_count numTodoTests) ))
passed=$(( passed + $(canvas_count numPassedTests) ))
canvas_failed=$(canvas_count numFailedTests)
if [ "$canvas_status" != 0 ] && [ "$canvas_failed" = 0 ]; then canvas_failed=1; fi
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
failed=$(( failed + canvas_failed ))
if [ "$passed" = 0 ] && [ "$failed" = 0 ]; then failed=1; fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$skipped" = 0 ]
