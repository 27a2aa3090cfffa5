#!/bin/bash
# 生成缺少的密钥与密码 Makes the secrets that are missing, in deploy/secrets/; what is there is left alone.
# The folder is its owner's alone; the files can be read by the users inside the containers, whom they are mounted for.
set -euo pipefail
cd "$(dirname "$0")"

mkdir -p secrets
chmod 0700 secrets
names="token_key topology_amqp_password postgres_database_password grafana_password"
for service in grid consultation property alliance notify; do
  names="$names ${service}_database_password ${service}_amqp_password"
done
for name in $names; do
  [ -s "secrets/$name" ] && continue
  head -c 36 /dev/urandom | base64 -w 0 | tr '+/' '-_' > "secrets/.$name"
  chmod 0444 "secrets/.$name"
  mv "secrets/.$name" "secrets/$name"
  echo "made deploy/secrets/$name"
done
