// A request and a webhook, each a line that folds open.

import * as api from './api.js';
import { attempt, button, copyable, el, fill } from './dom.js';
import { chip, dayAndTime, faultName, pretty, since, time } from './format.js';

/** @param {string | null} orderId */
const order = (orderId) => el('span', { class: 'order' }, orderId ?? '');

/** @param {import('./api.js').Fault | null} fault */
const struck = (fault) => fault && el('span', { class: 'chip', 'data-status': 'fault', title: 'The fault that struck' }, `⚡ ${faultName(fault)}`);

/** @param {boolean} withOrder */
export const requests = (withOrder) => ({
  key: (/** @type {api.RequestRecord} */ it) => String(it.number),
  make: () => folding(),
  show: (/** @type {HTMLElement} */ node, /** @type {api.RequestRecord} */ it) => {
    const status = it.status === null ? chip('no answer') : chip(String(it.status));
    status.dataset.status = it.status === null ? 'open' : it.status < 300 ? 'DONE' : it.status < 500 ? 'WAITING_FOR_DEPOSIT' : 'ABORTED';
    const line = [
      el('span', { class: 'verb' }, it.method),
      el('span', { class: 'path' }, it.path),
      withOrder && order(it.orderId),
      status,
      it.charged && el('span', { class: 'chip', 'data-status': 'money', title: 'This very call moved the money' }, 'moved money'),
      it.replayed && el('span', { class: 'chip', 'data-status': 'READY', title: 'An earlier answer, for the same idempotency key' }, 'replayed'),
      struck(it.fault),
      el('span', { class: 'when' }, it.tookMs === null ? null : `${it.tookMs || '<1'} ms · `, since(it.at)),
    ];
    const inside = async () => {
      const full = await api.request(it.number);
      return [
        facts([
          ['Arrived', `${dayAndTime(it.at)} KST`],
          ['Idempotency-Key', it.idempotencyKey ? copyable(it.idempotencyKey, 'idempotency key') : 'none'],
          ['SHA-256 of the body', el('code', {}, it.bodySha256)],
        ]),
        ...bodyCopy('Request', full.requestBody),
        ...bodyCopy('Answer', full.answerBody, 'None: the call hangs, was reset, or the caller has hung up.'),
      ];
    };
    unfold(node, line, inside);
  },
});

/** @param {boolean} withOrder */
export const webhooks = (withOrder) => ({
  key: (/** @type {api.WebhookRecord} */ it) => String(it.number),
  make: () => folding(),
  show: (/** @type {HTMLElement} */ node, /** @type {api.WebhookRecord} */ it) => {
    const status = chip(it.state);
    status.dataset.status = { waiting: 'WAITING_FOR_DEPOSIT', sending: 'IN_PROGRESS', delivered: 'DONE', failed: 'ABORTED', lost: 'fault' }[it.state];
    const line = [
      el('span', { class: 'path' }, it.eventType),
      withOrder && order(it.orderId),
      status,
      it.forged && el('span', { class: 'chip', 'data-status': 'fault' }, 'forged'),
      struck(it.fault),
      el('span', { class: 'when' }, `${it.attempts.length} ${it.attempts.length === 1 ? 'attempt' : 'attempts'} · `, it.due === undefined ? since(it.createdAt) : el('span', {}, 'next ', since(it.due))),
    ];
    const resend = () => api.call('POST', `/webhooks/${it.number}/resend`);
    const inside = async () => [
      facts([
        ['To', it.url],
        ['Transmission id', copyable(it.transmissionId, 'transmission id')],
        ['Next attempt', it.due === undefined ? 'none' : `${dayAndTime(it.due)} KST`],
      ]),
      el('h4', {}, `Attempts (${it.attempts.length})`),
      el('ol', { class: 'attempts' }, ...it.attempts.map((attempt) => el('li', {}, `${time(attempt.at)} · ${outcome(attempt.outcome)}`))),
      button('Send again', resend),
      el('h4', {}, 'Body'),
      pretty(it.body),
    ];
    unfold(node, line, inside);
  },
});

/** @param {import('./api.js').Outcome | null} it */
function outcome(it) {
  if (it === null) return 'under way';
  switch (it.kind) {
    case 'answered':
      return `answered ${it.status}`;
    case 'timed_out':
      return 'no answer within 10 s';
    case 'unreachable':
      return `unreachable: ${it.why}`;
  }
}

/** @param {[string, import('./dom.js').Child][]} rows */
export const facts = (rows) => el('dl', { class: 'facts' }, ...rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));

/** @param {string} title @param {import('./api.js').BodyCopy | null} copy @param {string} [none] */
function bodyCopy(title, copy, none = 'Empty') {
  const isCut = copy !== null && copy.bytes > new TextEncoder().encode(copy.text).length;
  const size = copy === null ? '' : ` · ${copy.bytes.toLocaleString('en-US')} bytes${isCut ? ', the beginning' : ''}`;
  return [el('h4', {}, title + size), copy === null || copy.text === '' ? el('p', { class: 'quiet' }, none) : pretty(copy.text)];
}

function folding() {
  return el('details', { class: 'entry' }, el('summary'), el('div', { class: 'inside' }));
}

/** @type {WeakMap<HTMLElement, () => Promise<import('./dom.js').Child[]>>} */
const insides = new WeakMap();

/** @param {HTMLElement} node @param {import('./dom.js').Child[]} line @param {() => Promise<import('./dom.js').Child[]>} inside */
function unfold(node, line, inside) {
  const [summary, place] = node.children;
  if (!summary || !place) return;
  fill(summary, ...line);
  if (!insides.has(node)) node.addEventListener('toggle', () => void draw(node, place));
  insides.set(node, inside);
  void draw(node, place);
}

/** What is folded away is not fetched. @param {HTMLElement} node @param {Element} place */
async function draw(node, place) {
  const inside = insides.get(node);
  if (!(node instanceof HTMLDetailsElement) || !node.open || !inside) return;
  await attempt(async () => fill(place, ...(await inside())));
}
