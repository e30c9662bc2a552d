// One payment: what it is, what can be done to it, what has happened.

import * as api from './api.js';
import { attempt, button, byId, copyable, el, fill, keyed, redraw, say } from './dom.js';
import { facts, requests, webhooks } from './entries.js';
import { faultOptions, readFault } from './faults.js';
import { chip, dayAndTime, money, span, time, words } from './format.js';

/** @param {import('./api.js').Whole | null} whole */
export function drawDetail(whole) {
  byId('detail', HTMLElement).hidden = whole === null;
  byId('no-detail', HTMLElement).hidden = whole !== null;
  if (whole === null) return;
  const { payment } = whole;
  const { timeline, ...head } = payment;
  redraw(byId('head', HTMLElement), head, () => drawHead(payment));
  redraw(byId('actions', HTMLElement), [payment.paymentKey, payment.status, payment.balance, timeline.length], () => actions(payment));
  const next = nextCall(payment.status);
  redraw(byId('next', HTMLElement), [payment.orderId, next], () => [next && nextFault(payment.orderId, next)]);
  redraw(byId('timeline', HTMLElement), timeline, () => timeline.map((_, index) => transition(timeline, index)));
  redraw(byId('money', HTMLElement), whole.ledger, () => whole.ledger.map(movement));
  byId('no-money', HTMLElement).textContent = whole.ledger.length > 0 ? '' : 'None has moved.';
  keyed(byId('payment-requests', HTMLElement), whole.requests.toReversed(), requests(false));
  keyed(byId('payment-webhooks', HTMLElement), whole.webhooks.toReversed(), webhooks(false));
  byId('no-payment-requests', HTMLElement).textContent = whole.requests.length > 0 ? '' : 'The shop has not called the API about this order.';
  byId('no-payment-webhooks', HTMLElement).textContent = whole.webhooks.length > 0 ? '' : 'Nobody was told about this order.';
}

/** @param {import('./api.js').Payment} it */
const drawHead = (it) => [
  el('div', { class: 'title' }, el('h2', {}, it.orderName), chip(it.status)),
  el('p', { class: 'big' }, money(it.amount, it.currency), it.balance !== it.amount && el('span', { class: 'quiet' }, ` ${money(it.balance, it.currency)} left`)),
  facts([
    ['Order', copyable(it.orderId, 'order')],
    ['Payment key', copyable(it.paymentKey, 'payment key')],
    ['Method', words(it.method)],
    ['Opened', `${dayAndTime(it.requestedAt)} KST`],
  ]),
];

/** @param {import('./api.js').Payment} it */
function actions(it) {
  /** @param {string} label @param {string} what @param {string} title @param {import('./dom.js').Attributes} [more] */
  const act = (label, what, title, more = {}) =>
    button(label, async () => {
      await api.act(it, what);
      say(`${label}: done`);
    }, { title, ...more });
  const expire = act('Expire', 'expire', 'The deadline of the payment passes now');
  const approve = act('Approve', 'approve', 'The shopper authenticates; the shop can confirm', { class: 'primary' });
  const decline = act('Decline', 'abort', 'The window refuses the payment', { class: 'danger' });
  const deposit = act('Deposit', 'deposit', 'The shopper pays into the virtual account', { class: 'primary' });
  const reverse = act('Reverse deposit', 'reverse', 'The bank takes the deposit back');
  // The provider abroad has not decided yet.
  if (it.timeline.at(-1)?.trigger === 'cancel_requested') {
    /** @param {string} label @param {'DONE' | 'ABORTED'} status @param {string} title */
    const finish = (label, status, title) =>
      button(label, async () => {
        await api.act(it, 'finish-cancel', { status });
        say(`${label}: done`);
      }, { title });
    return [
      el('p', { class: 'quiet' }, 'A cancel is in progress.'),
      finish('Finish cancel', 'DONE', 'The money goes back'),
      finish('Abort cancel', 'ABORTED', 'Nothing comes of the cancel'),
    ];
  }
  switch (it.status) {
    case 'READY':
      return [approve, decline, act('Close window', 'cancel', 'The shopper closes the window'), expire];
    case 'IN_PROGRESS':
      return [el('p', { class: 'quiet' }, 'Waits for the shop to confirm.'), expire];
    case 'WAITING_FOR_DEPOSIT':
      return [deposit, expire, refund(it)];
    case 'DONE':
      return [refund(it), it.method === 'VIRTUAL_ACCOUNT' && reverse];
    case 'PARTIAL_CANCELED':
      return [it.balance > 0 && refund(it)];
    case 'CANCELED':
    case 'ABORTED':
    case 'EXPIRED':
      return [el('p', { class: 'quiet' }, 'Nothing can happen to it any more.')];
  }
}

/** @param {import('./api.js').Payment} it */
function refund(it) {
  const smallest = it.currency === 'KRW' ? 1 : 0.01;
  const amount = el('input', { type: 'number', min: smallest, step: smallest, max: it.balance, value: it.balance, 'aria-label': `Amount to cancel, ${it.currency}` });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const part = Number(amount.value);
    // All of it is asked for without an amount, as before a deposit there is nothing to divide.
    void attempt(async () => {
      await api.act(it, 'refund', part === it.balance ? {} : { amount: part });
      say(`Cancelled ${money(part, it.currency)}`);
    });
  };
  return el('form', { class: 'inline', submit }, amount, el('button', { class: 'danger', title: 'As an operator does in the developer centre' }, 'Cancel payment'));
}

/**
 * What the shop is likely to call next.
 * @param {import('./api.js').Status} status
 */
function nextCall(status) {
  switch (status) {
    case 'READY':
    case 'IN_PROGRESS':
      return 'confirm';
    case 'WAITING_FOR_DEPOSIT':
    case 'DONE':
    case 'PARTIAL_CANCELED':
      return 'cancel';
    case 'CANCELED':
    case 'ABORTED':
    case 'EXPIRED':
      return null;
  }
}

/** @param {string} orderId @param {string} endpoint */
function nextFault(orderId, endpoint) {
  const choice = el('select', { 'aria-label': `What goes wrong with the next ${endpoint} of this order` }, ...faultOptions());
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void attempt(async () => {
      await api.call('POST', '/faults', { fault: readFault(choice.value, ''), endpoint, orderId, times: 'once' });
      say(`The next ${endpoint} of this order will go wrong`);
    });
  };
  return el('form', { class: 'inline', submit }, el('span', {}, `Next ${endpoint}`), choice, el('button', {}, 'Arm'));
}

/** @param {import('./api.js').Transition[]} timeline @param {number} index */
function transition(timeline, index) {
  const it = timeline[index];
  const before = timeline[index - 1];
  if (!it) return null;
  return el(
    'li',
    { 'data-status': it.to },
    el('span', { class: 'what' }, words(it.trigger)),
    chip(it.to),
    el('time', { title: `${dayAndTime(it.at)} KST` }, time(it.at), before && it.at - before.at >= 1_000 && el('span', { class: 'quiet' }, ` +${span(it.at - before.at)}`)),
  );
}

/** @param {import('./api.js').Charge} it */
function movement(it) {
  const sign = it.kind === 'charge' ? '+' : '−';
  return el('li', { 'data-kind': it.kind }, el('b', {}, `${sign}${money(it.amount, it.currency)}`), el('span', {}, words(it.kind)), el('time', { title: `${dayAndTime(it.at)} KST` }, time(it.at)));
}

/** PayPal is paid in USD. @param {string} method */
const currencyOf = (method) => (method === 'PAYPAL' ? 'USD' : 'KRW');

/** @param {import('./api.js').About} about */
export function bindNewPayment(about) {
  const form = byId('new-payment', HTMLFormElement);
  const method = byId('new-method', HTMLSelectElement);
  fill(method, ...about.methods.map((name) => el('option', { value: name }, words(name))));
  const label = byId('new-currency', HTMLElement);
  method.addEventListener('change', () => {
    label.textContent = currencyOf(method.value);
    byId('new-amount', HTMLInputElement).step = method.value === 'PAYPAL' ? '0.01' : '1';
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    // Not `crypto.randomUUID`: browsers have it for this machine's pages only, and the sandbox may be on another one.
    const orderId = `order-${Date.now().toString(36)}`;
    const amount = Number(byId('new-amount', HTMLInputElement).value);
    const orderName = byId('new-name', HTMLInputElement).value;
    void attempt(async () => {
      const made = await api.call('POST', '/payments', { orderId, orderName, amount, currency: currencyOf(method.value), method: method.value, authenticated: false });
      location.hash = `#/payments/${made.paymentKey}`;
    });
  });
}
