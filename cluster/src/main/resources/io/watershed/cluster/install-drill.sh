#!/usr/bin/env bash
# Bootstrap action: installs Apache Drill with watershed's plugin as a systemd unit of this node, and
# watershed's storage handler where Hive looks for jars.
# EMR runs it before Hadoop and ZooKeeper start; the unit tries again until ZooKeeper is there.
set -euo pipefail

home=/opt/watershed-drill
data=/mnt/watershed-drill
info=/mnt/var/lib/info

sudo mkdir -p "$home" "$data"
aws s3 cp --only-show-errors '@DRILL_URI@' - | sudo tar -xz -C "$home" --strip-components=1
aws s3 cp --only-show-errors '@CONFIG_URI@' - | sudo tee "$home/conf/watershed.json" >/dev/null
sudo chown -R hadoop:hadoop "$home" "$data"

# Hive, which EMR installs later, takes the jars of this folder into its class path.
hive='@HIVE_URI@'
if [ -n "$hive" ]; then
  sudo mkdir -p "$(dirname '@HIVE_JAR@')" /usr/lib/hive/auxlib
  aws s3 cp --only-show-errors "$hive" - | sudo tee '@HIVE_JAR@' >/dev/null
  sudo ln -sf '@HIVE_JAR@' /usr/lib/hive/auxlib/watershed-hive.jar
fi

# The primary node runs ZooKeeper.
field() { python3 -c 'import json,sys; print(json.load(open(sys.argv[1])).get(sys.argv[2], ""))' "$@"; }
if [ "$(field "$info/instance.json" isMaster)" = True ]; then
  primary=$(hostname -f)
else
  primary=$(field "$info/job-flow.json" masterPrivateDnsName)
fi
# Java 17 of this node.
java=$(ls -d /usr/lib/jvm/*17* 2>/dev/null | sort | tail -n 1)

sudo tee /etc/systemd/system/watershed-drill.service >/dev/null <<UNIT
[Unit]
Description=Apache Drill with watershed
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
User=hadoop
Environment=JAVA_HOME=$java
Environment=WATERSHED_CONFIG=$home/conf/watershed.json
ExecStart=$home/bin/drillbit run --zk $primary:2181 --cluster-id @CLUSTER_ID@ --host $(hostname -f) --heap @HEAP@ --direct @DIRECT@ --data $data
Restart=always
RestartSec=10
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
UNIT
sudo systemctl daemon-reload
sudo systemctl enable --now --no-block watershed-drill.service
