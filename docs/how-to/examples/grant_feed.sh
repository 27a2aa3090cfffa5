#!/usr/bin/env bash
# 开通事件订阅：为外部系统建立消息服务器用户，只能读取事件流，只能使用自己的队列。
#
# Lets another system hear the feed: a user of the broker that can read the feed and use queues of its own, no more.
# Asks for the new user's password. The last argument, if any, narrows what can be heard.
#
#     ./grant_feed.sh city311 VHOST            # everything
#     ./grant_feed.sh city311 VHOST '^grid\.'  # only what grid says
set -euo pipefail
name=$1 vhost=$2 heard=${3:-.*}
own="ext\.$name(\..+)?"

rabbitmqctl add_user "$name"
rabbitmqctl set_permissions -p "$vhost" "$name" "^$own\$" "^$own\$" "^($own|jiushu\.feed)\$"
rabbitmqctl set_topic_permissions -p "$vhost" "$name" jiushu.feed '^$' "$heard"

# 所有外部队列的上限：十万条、256 MB、七天，超出时先丢弃最早的。
# What a queue of any outsider keeps, at most: 100,000 events, 256 MB, seven days; then the oldest go.
rabbitmqctl set_policy -p "$vhost" --apply-to queues outsiders '^ext\.' \
  '{"max-length": 100000, "max-length-bytes": 268435456, "message-ttl": 604800000, "overflow": "drop-head"}'
