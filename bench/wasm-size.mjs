// Sizes in a wasm that has names, by crate and by function: node bench/wasm-size.mjs FILE FUNCTIONS
import { readFileSync } from 'node:fs';

const [file, most] = process.argv.slice(2);
const bytes = readFileSync(file);
let at = 8;

const number = () => {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value;
  }
};
const text = () => {
  const length = number();
  at += length;
  return bytes.toString('utf8', at - length, at);
};

/** Skips one import and says whether it is a function. */
const isFunction = () => {
  text();
  text();
  const kind = bytes[at++];
  const limits = () => {
    const flags = number();
    number();
    if (flags & 1) number();
  };
  if (kind === 0) number();
  else if (kind === 1) {
    at += 1;
    limits();
  } else if (kind === 2) limits();
  else at += 2;
  return kind === 0;
};

const [IMPORT, CODE, DATA, CUSTOM, FUNCTION_NAMES] = [2, 10, 11, 0, 1];
const sizes = [];
const names = new Map();
let imported = 0;
let data = 0;
while (at < bytes.length) {
  const section = bytes[at++];
  const length = number();
  const end = at + length;
  if (section === IMPORT) {
    for (let left = number(); left > 0; left--) imported += isFunction() ? 1 : 0;
  } else if (section === CODE) {
    for (let left = number(); left > 0; left--) {
      const size = number();
      sizes.push(size);
      at += size;
    }
  } else if (section === DATA) {
    data = length;
  } else if (section === CUSTOM && text() === 'name') {
    while (at < end) {
      const kind = bytes[at++];
      const next = number() + at;
      if (kind === FUNCTION_NAMES) {
        for (let left = number(); left > 0; left--) names.set(number(), text());
      }
      at = next;
    }
  }
  at = end;
}

/** The crate of a mangled name of Rust's (v0): the first crate that it names. */
const crateOf = (name) => {
  const root = name.startsWith('_R') && name.match(/Cs[0-9A-Za-z]+_([1-9]\d*)_?/);
  return root ? name.substr(root.index + root[0].length, Number(root[1])) : 'others';
};

const functions = sizes.map((size, index) => {
  const name = names.get(index + imported) ?? '?';
  return { size, crate: crateOf(name), name };
});
const total = sizes.reduce((sum, size) => sum + size, 0);
const crates = new Map();
for (const { size, crate } of functions) {
  crates.set(crate, (crates.get(crate) ?? 0) + size);
}
console.log(`${functions.length} functions, ${total} bytes of code, ${data} bytes of data`);
for (const [crate, size] of [...crates].sort((a, b) => b[1] - a[1]).slice(0, 25)) {
  console.log(`${String(size).padStart(8)} ${((size * 100) / total).toFixed(1).padStart(5)} %  ${crate}`);
}
console.log();
for (const { size, name } of functions.sort((a, b) => b.size - a.size).slice(0, Number(most))) {
  console.log(`${String(size).padStart(8)}  ${name.slice(0, 160)}`);
}
