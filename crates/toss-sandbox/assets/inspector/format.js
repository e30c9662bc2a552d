// Numbers, times and JSON as people read them.

import { el } from './dom.js';

/** @param {number} amount @param {string} currency */
export const money = (amount, currency) => (currency === 'KRW' ? `${amount.toLocaleString('en-US')}원` : `${amount.toLocaleString('en-US', { minimumFractionDigits: 2 })} ${currency}`);

const TIME = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Seoul', hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul' });

/** In Korea. @param {number} ms */
export const time = (ms) => TIME.format(ms);
/** @param {number} ms */
export const dayAndTime = (ms) => `${DAY.format(ms)} ${TIME.format(ms)}`;

const UNITS = /** @type {const} */ ([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
]);

/** @param {number} ms */
export function span(ms) {
  const [unit, size] = UNITS.find(([, size]) => ms >= size) ?? ['s', 1_000];
  return `${Math.floor(ms / size)} ${unit}`;
}

/** @param {number} at @param {number} now */
export function ago(at, now) {
  if (at > now + 999) return `in ${span(at - now)}`;
  return now - at < 1_000 ? 'now' : `${span(now - at)} ago`;
}

/** What tells the time since `at`, and goes on telling it. @param {number} at */
export const since = (at) => el('time', { 'data-at': at, title: `${dayAndTime(at)} KST` });

/** @param {number} now */
export function tick(now) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('time[data-at]'))) {
    const text = ago(Number(place.dataset.at), now);
    if (place.textContent !== text) place.textContent = text;
  }
}

/** `VIRTUAL_ACCOUNT`, `deposit_reversed` and the like as words. @param {string} name */
export function words(name) {
  if (name === 'PAYPAL') return 'PayPal';
  const text = name.toLowerCase().replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @param {string} status */
export const chip = (status) => el('span', { class: 'chip', 'data-status': status }, status);

/** @param {import('./api.js').Times} times */
export function often(times) {
  if (typeof times === 'string') return times;
  return 'next' in times ? `next ${times.next}` : `${times.chance.percent} % of calls`;
}

/** @param {{kind: string, code?: string, ms?: number, call?: number}} fault */
export const faultName = (fault) => [fault.kind, fault.code, fault.ms && `${fault.ms} ms`, fault.call].filter(Boolean).join(' ');

const TOKENS = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON in colours; anything else as it is. @param {string} text */
export function pretty(text) {
  const block = el('pre', { tabindex: '0' });
  let json;
  try {
    json = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // A garbled or cut body is worth seeing as it came.
    block.append(text);
    return block;
  }
  let end = 0;
  for (const found of json.matchAll(TOKENS)) {
    const [whole, quoted, colon] = found;
    const kind = colon ? 'key' : quoted ? 'string' : 'literal';
    const word = quoted ?? whole;
    block.append(json.slice(end, found.index), el('span', { class: kind }, word));
    end = found.index + word.length;
  }
  block.append(json.slice(end));
  return block;
}
