# Shared by the checks: a working folder, processes that end with the check, and assertions.
# shellcheck shell=bash
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
watershed=$root/watershed
work=$(mktemp -d "${TMPDIR:-/tmp}/watershed-check.XXXXXX")
started=()

cleanup() {
  local status=$? pid
  for pid in "${started[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  if [ "$status" -eq 0 ]; then
    rm -rf "$work"
    echo "ok: $(basename "$0")"
  else
    echo "FAILED: $(basename "$0") (status $status); its files are in $work" >&2
  fi
}
trap cleanup EXIT

step() { printf '\n== %s\n' "$*"; }
fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}
equal() { # what expected actual
  [ "$2" = "$3" ] || fail "$1: expected
$2
but got
$3"
  echo "   $1: equal"
}

# Waits until a file has a line that matches, and prints that line.
await_line() { # file pattern pid
  local i
  for ((i = 0; i < 1200; i++)); do
    grep -m 1 -E "$2" "$1" 2>/dev/null && return 0
    kill -0 "$3" 2>/dev/null || break
    sleep 0.1
  done
  fail "no line '$2' in $1: $(tail -n 5 "$1" 2>/dev/null)"
}

# Waits until something answers HTTP there, whatever it answers.
await_http() { # url pid
  local i
  for ((i = 0; i < 600; i++)); do
    curl -s -o /dev/null --max-time 5 "$1" && return 0
    kill -0 "$2" 2>/dev/null || break
    sleep 0.2
  done
  fail "nothing answers at $1"
}

# Runs watershed with this check's configuration.
w() { "$watershed" "$@" --config "$work/watershed.yaml"; }

# The flights of the npm package vega-datasets: 200,000 records that nobody here made.
fetch_flights() {
  (cd "$work" && npm pack --silent vega-datasets@3.2.1 >/dev/null &&
    tar -xzf vega-datasets-*.tgz package/data/flights-200k.json)
  flights=$work/package/data/flights-200k.json
}

plain_duckdb() { # file statement
  local jar
  jar=$(tr ':' '\n' <"$root/cli/target/run/current/classpath" | grep -m 1 duckdb_jdbc)
  "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$jar" "$root/checks/PlainDuckDb.java" "$1" "$2"
}

# The statements that are asked of the stream and of the file; %s stands for the table.
statements() {
  cat <<'SQL'
SELECT count(*) AS n, sum(delay) AS delay, max(distance) AS distance FROM %s
SELECT distance // 500 AS far, count(*) AS n, sum(delay) AS delay FROM %s GROUP BY ALL ORDER BY far
SELECT delay, distance, time FROM %s WHERE delay > 500 ORDER BY ALL
SELECT count(DISTINCT (delay, distance, time)) AS n FROM %s
SELECT floor(time) AS hour, count(*) AS n, min(delay) AS least FROM %s GROUP BY ALL ORDER BY hour
SELECT a.distance, count(*) AS pairs FROM %s a JOIN %s b ON a.distance = b.distance AND a.delay = b.delay WHERE a.distance > 2600 GROUP BY ALL ORDER BY ALL
SQL
}

# Asks each statement of a stream, and of the file with plain DuckDB: the answers must be equal.
same_answers() { # what table file
  local statement n=0
  while IFS= read -r statement; do
    n=$((n + 1))
    equal "$1, statement $n" "$(plain_duckdb "$3" "${statement//%s/data}")" \
      "$(w sql -o csv "${statement//%s/$2}" 2>"$work/receipt" | tr -d '\r')"
  done < <(statements)
}
