#!/bin/bash
# 恢复 Restores a backup into an empty stack and starts it: restore.sh FOLDER [HOURS]; FOLDER.keys must lie beside it.
# HOURS: from how long before the backup on events are published again (24). What was only in the broker comes back
# that way; whoever has heard it drops it. Whoever has no token of the stack's own key sets JIUSHU_TOKEN (role admin).
set -euo pipefail
cd "$(dirname "$0")"
umask 077

from=$(realpath "${1:?which backup? restore.sh FOLDER}")
hours=${2:-24}
services="grid consultation property alliance notify"

compose() { docker compose "$@"; }

for folder in "$from" "$from.keys"; do
  (cd "$folder" && sha256sum --quiet --check SHA256SUMS)
done
if [ -n "$(compose ps --all --quiet)" ] || docker volume inspect jiushu_postgres > /dev/null 2>&1; then
  echo "这里已有九树的容器或数据卷 There is a stack here already. To replace it, and lose what it holds:" >&2
  echo "  docker compose --project-directory deploy down --volumes" >&2
  exit 1
fi
[ -d secrets ] || tar -xzf "$from.keys/secrets.tar.gz"

compose run --rm --no-deps -T --entrypoint bash postgres -c 'cd "$PGDATA" && tar -xz && chmod 0700 .' \
  < "$from/postgres.tar.gz"
for service in $services; do
  compose run --rm --no-deps -T --entrypoint tar "$service" -C /var/lib/jiushu -xz < "$from.keys/$service.tar.gz"
done
compose up --detach --wait

since=$(date -u -d "@$(($(date -d "$(cat "$from/since")" +%s) - hours * 3600))" +%Y-%m-%dT%H:%M:%S+0000)
for service in $services; do
  compose exec -T -e JIUSHU_TOKEN "$service" jiushu republish "$service" --since "$since" --reason "restored from a backup"
done
echo "恢复完成 restored: $from"
