// What goes wrong next: faults of the API, and scenarios.

import { call } from './api.js';
import { attempt, button, byId, el, fill, redraw, say } from './dom.js';
import { faultName, often } from './format.js';

/** @typedef {{kind: string, what: string, needs?: 'code' | 'ms'}} Kind */

/** @type {[string, Kind[]][]} */
const GROUPS = [
  [
    'Nothing has been charged',
    [
      { kind: 'decline', what: 'Declined', needs: 'code' },
      { kind: 'status4xx', what: 'An error answer, the payment stays', needs: 'code' },
      { kind: 'session_expired', what: 'The session has expired' },
      { kind: 'too_many_requests', what: '429 Too many requests' },
      { kind: 'in_progress_conflict', what: '409 Still processing' },
      { kind: 'error_before', what: '500 before the charge' },
      { kind: 'timeout_before', what: 'Hangs before the charge' },
      { kind: 'reset_before', what: 'Reset before the charge' },
    ],
  ],
  [
    'The money has moved',
    [
      { kind: 'reset_after', what: 'The answer is lost: reset after the charge' },
      { kind: 'timeout_after', what: 'Hangs after the charge' },
      { kind: 'error_after', what: '500 after the charge' },
      { kind: 'already_processed', what: 'Another request was faster' },
      { kind: 'slow_body', what: 'A slow answer', needs: 'ms' },
      { kind: 'truncated_body', what: 'Half an answer' },
      { kind: 'garbage200', what: '200 that is no JSON' },
      { kind: 'html500', what: '500 with an HTML page' },
      { kind: 'unknown_status', what: 'A status that nobody knows' },
      { kind: 'extra_fields', what: 'Fields that nobody knows' },
      { kind: 'wrong_amount', what: 'A wrong amount in the answer' },
      { kind: 'wrong_order_id', what: 'A wrong order in the answer' },
    ],
  ],
  ['Nothing', [{ kind: 'ok', what: 'Let one through' }]],
];

const KINDS = GROUPS.flatMap(([, kinds]) => kinds);

export const faultOptions = () =>
  GROUPS.map(([label, kinds]) => el('optgroup', { label }, ...kinds.map(({ kind, what }) => el('option', { value: kind }, what))));

/** @param {string} kind @param {string} detail a code or milliseconds; what is usual if empty */
export function readFault(kind, detail) {
  const { needs } = KINDS.find((it) => it.kind === kind) ?? {};
  if (needs === 'code') return { kind, code: detail || 'REJECT_CARD_PAYMENT' };
  if (needs === 'ms') return { kind, ms: Number(detail || 3_000) };
  return { kind };
}

/** @type {Record<string, unknown>} */
const TIMES = { once: 'once', '2': { next: 2 }, '3': { next: 3 }, '10%': { chance: { percent: 10 } }, always: 'always' };

/** @param {import('./api.js').About} about */
export function bindFaults(about) {
  const endpoint = byId('fault-endpoint', HTMLSelectElement);
  const kind = byId('fault-kind', HTMLSelectElement);
  const detail = byId('fault-detail', HTMLInputElement);
  const orderId = byId('fault-order', HTMLInputElement);
  const times = byId('fault-times', HTMLSelectElement);
  const scenario = byId('scenario', HTMLSelectElement);
  fill(endpoint, ...about.endpoints.map((name) => el('option', {}, name)));
  fill(kind, ...faultOptions());
  fill(scenario, ...about.scenarios.map(({ name }) => el('option', {}, name)));

  const explain = () => {
    const needs = KINDS.find((it) => it.kind === kind.value)?.needs;
    detail.disabled = needs === undefined;
    detail.placeholder = needs === 'ms' ? '3000 ms' : needs === 'code' ? 'REJECT_CARD_PAYMENT' : '–';
    byId('scenario-what', HTMLElement).textContent = about.scenarios.find(({ name }) => name === scenario.value)?.what ?? '';
  };
  kind.addEventListener('change', explain);
  scenario.addEventListener('change', explain);
  explain();

  const order = () => (orderId.value.trim() === '' ? null : orderId.value.trim());
  byId('arm', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const fault = readFault(kind.value, detail.value.trim());
    void attempt(async () => {
      await call('POST', '/faults', { fault, endpoint: endpoint.value, orderId: order(), times: TIMES[times.value] });
      say('Armed');
    });
  });
  byId('play', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(async () => {
      await call('POST', '/scenarios', { name: scenario.value, orderId: order() });
      say(`Armed: ${scenario.value}`);
    });
  });
}

/** @param {{orderId: string | null, clientKey: string | null}} rule */
function whose({ orderId, clientKey }) {
  const order = orderId ?? 'any order';
  return clientKey === null ? order : `${order} of ${clientKey}`;
}

/** @param {import('./api.js').State} state */
export function drawFaults({ faults, hung }) {
  const armed = [
    ...faults.faults.map((it) => [it.endpoint, faultName(it.fault), whose(it), often(it.times)]),
    ...faults.webhookFaults.map((it) => [it.eventType ?? 'webhook', faultName(it.fault), whose(it), often(it.times)]),
    ...faults.scriptFaults.map((it) => ['script', faultName(it.fault), '', often(it.times)]),
  ];
  byId('armed-count', HTMLElement).textContent = armed.length === 0 ? '' : String(armed.length);
  redraw(byId('armed', HTMLElement), armed, () =>
    armed.length === 0
      ? [el('li', { class: 'quiet' }, 'Nothing is armed: all goes well.')]
      : armed.map(([where, what, order, times]) =>
          el('li', {}, el('b', {}, where), el('span', {}, what), el('span', { class: 'order' }, order), el('span', { class: 'quiet' }, times)),
        ),
  );
  redraw(byId('fault-buttons', HTMLElement), [armed.length > 0, hung], () => [
    armed.length > 0 && button('Disarm all', () => call('DELETE', '/faults'), { class: 'danger' }),
    hung > 0 && button(`Release ${hung} hanging ${hung === 1 ? 'call' : 'calls'}`, () => call('POST', '/release'), { class: 'primary' }),
  ]);
}
