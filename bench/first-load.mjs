// Weighs what a browser receives of a page and of what the page asks its own server for, by kind, as brotli at its best makes
// of it, and holds it against the budget: node bench/first-load.mjs http://127.0.0.1:3000/checkout bench/budget.toml
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const [page, budgetFile] = process.argv.slice(2);

const fetched = async (url) => {
  const response = await fetch(url, { headers: { 'accept-language': 'ko' } });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
};
const weight = (body) =>
  brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }).length;

const html = await fetched(page);
const bytes = { html: weight(html), css: 0, js: 0, wasm: 0, all: 0 };
const addresses = new Set([...html.toString().matchAll(/"(\/[^"]+\.(css|js|wasm))"/g)].map((match) => match[1]));
for (const address of addresses) {
  bytes[address.split('.').pop()] += weight(await fetched(new URL(address, page)));
}
for (const kind of ['css', 'js', 'wasm']) {
  if (bytes[kind] === 0) throw new Error(`${page} asks for no ${kind}`);
}
bytes.all = bytes.html + bytes.css + bytes.js + bytes.wasm;

const budget = Object.fromEntries([...readFileSync(budgetFile, 'utf8').matchAll(/^(\w+) = (\d+)$/gm)].map(([, kind, most]) => [kind, Number(most)]));
for (const [kind, weighs] of Object.entries(bytes)) {
  const most = budget[kind];
  console.log(`${kind.padEnd(4)} ${String(weighs).padStart(7)} of ${String(most).padStart(7)} bytes${weighs > most ? '   TOO MUCH' : ''}`);
  if (!(weighs <= most)) process.exitCode = 1;
}
