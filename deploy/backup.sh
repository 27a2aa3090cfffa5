#!/bin/bash
# 备份 Backs up the running stack into a folder: backup.sh [FOLDER]
#   postgres.tar.gz   一个时刻的全部数据库 all databases, as they were at one moment
#   <service>.tar.gz  服务自己的卷：数据密钥、附件 what a service keeps beside its database: its data keys, attachments
#   secrets.tar.gz    deploy/secrets 与 .env：另存别处 passwords and the tokens' key: keep these apart from the databases
#   since             此刻之后的事件要重新发布 from when on events are said again after a restore
# The volumes come after the databases: what a database was sealed with is in them for certain.
set -euo pipefail
cd "$(dirname "$0")"
umask 077

to=$(realpath -m "${1:-backups/$(date -u +%Y%m%dT%H%M%SZ)}")
part="$to.part"
rm -rf "$part"
mkdir -p "$part"
date -u +%Y-%m-%dT%H:%M:%S+0000 > "$part/since"

compose() { docker compose --file compose.yml "$@"; }

compose exec -T postgres pg_basebackup --username postgres --pgdata - --format tar --wal-method fetch \
  --checkpoint fast | gzip --fast > "$part/postgres.tar.gz"
for service in grid consultation property alliance notify; do
  compose run --rm --no-deps -T --entrypoint tar "$service" -C /var/lib/jiushu -cz . > "$part/$service.tar.gz"
done
tar -cz $(ls -d secrets .env 2>/dev/null) > "$part/secrets.tar.gz"

(cd "$part" && sha256sum -- * > SHA256SUMS)
mv "$part" "$to"
echo "备份完成 backed up: $to ($(du -sh "$to" | cut -f1))"
