// Reads an AsyncAPI document with @asyncapi/parser: prints what it finds wrong, and ends with 1 where that is an error.
import { readFile } from "node:fs/promises";
import { Parser } from "@asyncapi/parser";

const [path] = process.argv.slice(2);
const { document, diagnostics } = await new Parser().parse(await readFile(path, "utf8"), { source: path });
const LEVELS = ["error", "warning", "information", "hint"];
for (const { severity, code, message, path: where } of diagnostics) {
  console.log(`${LEVELS[severity]} ${code} at /${where.join("/")}: ${message}`);
}
const isAccepted = document !== undefined && diagnostics.every(({ severity }) => severity !== 0);
console.log(isAccepted ? `accepted: ${document.operations().length} operations` : "not accepted");
process.exitCode = isAccepted ? 0 : 1;
