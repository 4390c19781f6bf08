# Settings of bin/drillbit, read by it. The environment wins: write NAME=${NAME:-value}.
#
# DRILL_HEAP=${DRILL_HEAP:-4G}
# DRILL_MAX_DIRECT_MEMORY=${DRILL_MAX_DIRECT_MEMORY:-8G}
# DRILL_ZK=${DRILL_ZK:-zk1:2181,zk2:2181,zk3:2181}
# DRILL_HOST=${DRILL_HOST:-$(hostname -f)}     # who reaches it can read what it can read
# DRILL_DATA=${DRILL_DATA:-/var/lib/watershed-drill}
# DRILL_JAVA_OPTS=${DRILL_JAVA_OPTS:-}
# export WATERSHED_CONFIG=${WATERSHED_CONFIG:-/etc/watershed/watershed.yaml}
