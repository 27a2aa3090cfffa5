"""订阅九树的事件：每个事件打印一行，只处理一次，断线后自动重连。

A subscriber of Jiushu's feed: prints a line per event, handles each event once, and survives lost connections.

    AMQP_URI=amqp://city311:PASSWORD@HOST/VHOST python subscriber.py ext.city311 'grid.case.#'
"""

import json
import logging
import os
import sqlite3
import sys

from kombu import Connection, Exchange, Message, Queue, binding
from kombu.mixins import ConsumerMixin

SENTENCES = {
    "grid.case.reported.v1": "立案 {number}：{category_name}，{place_name}",
    "grid.case.dispatched.v1": "派单 {number}：由{lead_party_name}办理",
    "grid.case.closed.v1": "结案 {number}：满意度{grade}分",
}
FEED = Exchange("jiushu.feed", type="topic", no_declare=True)
QUEUE_ARGUMENTS = {"x-queue-type": "quorum", "x-delivery-limit": 1_000_000, "x-single-active-consumer": True}


class Subscriber(ConsumerMixin):
    def __init__(self, uri: str, queue: str, keys: list[str]) -> None:
        tls = uri.startswith("amqps:") and {
            "server_hostname": None
        }  # 核对证书上的主机名 it must be the address's host
        self.connection = Connection(uri, heartbeat=20, ssl=tls)
        bindings = [binding(FEED, key) for key in keys]
        self.queue = Queue(queue, bindings=bindings, queue_arguments=QUEUE_ARGUMENTS)
        self.database = sqlite3.connect("seen.db")
        self.database.execute("CREATE TABLE IF NOT EXISTS seen (source, id, PRIMARY KEY (source, id))")

    def get_consumers(self, consumer, channel):
        return [consumer([self.queue], on_message=self.on_message, prefetch_count=50)]

    def on_message(self, message: Message) -> None:
        event = json.loads(message.body)
        with self.database:  # 同一事务 one transaction: what you do, and that you have done it
            seen = (event["source"], event["id"])
            if self.database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", seen).rowcount:
                handle(event)
        message.ack()  # 提交之后 after the commit: what was not acknowledged comes again


def handle(event: dict) -> None:
    sentence = SENTENCES.get(event["type"], f"其他事件：{event['type']}")
    print(sentence.format(**event["data"]), flush=True)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    Subscriber(os.environ["AMQP_URI"], sys.argv[1], sys.argv[2:] or ["#"]).run()
