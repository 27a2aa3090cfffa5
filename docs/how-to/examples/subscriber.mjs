// 订阅九树的事件：每个事件打印一行，只处理一次，断线后自动重连。
//
// A subscriber of Jiushu's feed: prints a line per event, handles each event once, and survives lost connections.
//
//     AMQP_URI=amqp://city311:PASSWORD@HOST/VHOST node subscriber.mjs ext.city311 'grid.case.#'

import { appendFileSync, existsSync, readFileSync } from "node:fs";
import amqp from "amqplib";

const SENTENCES = {
  "grid.case.reported.v1": (data) => `立案 ${data.number}：${data.category_name}，${data.place_name}`,
  "grid.case.dispatched.v1": (data) => `派单 ${data.number}：由${data.lead_party_name}办理`,
  "grid.case.closed.v1": (data) => `结案 ${data.number}：满意度${data.grade}分`,
};
const QUEUE_ARGUMENTS = { "x-queue-type": "quorum", "x-delivery-limit": 1_000_000, "x-single-active-consumer": true };

const { AMQP_URI } = process.env;
const [queue, ...keys] = process.argv.slice(2);
if (!AMQP_URI || !queue) throw new Error("缺少 AMQP_URI 或队列名 AMQP_URI and a queue's name are needed");
const seen = new Set(existsSync("seen.txt") ? readFileSync("seen.txt", "utf8").split("\n") : []);

async function subscribe(connection) {
  const reconnect = () => connection.close().catch(() => {});
  connection.on("error", reconnect);
  const channel = await connection.createChannel();
  channel.on("error", reconnect);
  await channel.assertQueue(queue, { arguments: QUEUE_ARGUMENTS });
  for (const key of keys.length ? keys : ["#"]) await channel.bindQueue(queue, "jiushu.feed", key);
  await channel.prefetch(50);
  await channel.consume(queue, (message) => {
    if (message === null) return reconnect(); // 队列被删除 the queue was deleted
    hear(JSON.parse(message.content));
    channel.ack(message); // 记下之后 after it was written down: what was not acknowledged comes again
  });
}

function hear(event) {
  const key = `${event.source} ${event.id}`;
  if (seen.has(key)) return;
  handle(event);
  // 您的系统里应与处理结果同一事务 in your system: in one transaction with what you do
  appendFileSync("seen.txt", `\n${key}`, { flush: true });
  seen.add(key);
}

function handle(event) {
  const sentence = SENTENCES[event.type] ?? (() => `其他事件：${event.type}`);
  console.log(sentence(event.data));
}

const recovery = { setup: subscribe, waitForConnect: false };
const connection = await amqp.connect(AMQP_URI, { recovery });
connection.on("error", () => {}); // 原因见下一行 the next line tells why
connection.on("reconnect-scheduled", ({ error }) => console.error(`连接中断，将重试 reconnecting: ${error.message}`));
