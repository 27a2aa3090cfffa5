#!/bin/bash
# 首次启动 At the first start: a database and a role for each service; no service can enter another's.
set -euo pipefail

for secret in /run/secrets/*_database_password; do
  service=$(basename "$secret" _database_password)
  [ "$service" = postgres ] && continue
  psql -v ON_ERROR_STOP=1 --no-password --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set service="$service" --set password="$(cat "$secret")" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
done
psql -v ON_ERROR_STOP=1 --no-password --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  --command 'REVOKE CONNECT ON DATABASE postgres FROM PUBLIC'
