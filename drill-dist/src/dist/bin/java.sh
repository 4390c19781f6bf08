# Finds a JDK that Drill runs on; sourced by the scripts beside it.
# shellcheck shell=bash

fail() {
  printf 'error[drill]: %s\nhint: %s\n' "$1" "$2" >&2
  exit "${3:-1}"
}

# The options that Drill and Hadoop need to reach into a JDK 17.
opens=(
  --add-opens=java.base/java.lang=ALL-UNNAMED
  --add-opens=java.base/java.net=ALL-UNNAMED
  --add-opens=java.base/java.nio=ALL-UNNAMED
  --add-opens=java.base/java.util=ALL-UNNAMED
  --add-opens=java.base/sun.nio.ch=ALL-UNNAMED
  --add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED
)

find_java() {
  java=${JAVA_HOME:+$JAVA_HOME/bin/java}
  java=${java:-$(command -v java || true)}
  if [ -z "$java" ] || [ ! -x "$java" ]; then
    fail "No Java was found${JAVA_HOME:+ in JAVA_HOME=$JAVA_HOME}" \
      "Install a JDK 17 and set JAVA_HOME, or put java on the PATH."
  fi
  local real release version major
  real=$(readlink -f "$java" 2>/dev/null || echo "$java")
  release=$(dirname "$(dirname "$real")")/release
  version=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$release" 2>/dev/null || true)
  [ -n "$version" ] || version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | head -n 1)
  major=${version%%[.+-]*}
  if [ "$major" != 17 ]; then
    fail "$java is Java ${version:-of an unknown version}; Apache Drill with watershed's plugin runs on Java 17 only" \
      "Set JAVA_HOME to a JDK 17. (Newer ones lack what Drill's Hadoop calls, older ones what watershed is compiled for.)"
  fi
  # Drill compiles the code of a query.
  if [ ! -x "$(dirname "$real")/javac" ]; then
    fail "$java belongs to a runtime without a compiler" "Drill needs a whole JDK 17, not a JRE."
  fi
}
