// The lists: payments, requests, webhooks.

import { attempt, button, byId, el, fill, keyed, redraw, say } from './dom.js';
import { call, SHOWN } from './api.js';
import { requests, webhooks } from './entries.js';
import { chip, money, since, words } from './format.js';

/** @param {string} view @param {unknown[]} shown */
function drawOlder(view, shown) {
  const text = shown.length < SHOWN ? '' : `The newest ${SHOWN} are shown. Find older ones by their order.`;
  byId(`older-${view}`, HTMLElement).textContent = text;
}

/** @param {import('./api.js').State} state @param {string | null} selected @param {string} find */
export function drawPayments(state, selected, find) {
  const list = byId('payment-list', HTMLElement);
  keyed(list, state.payments.toReversed(), {
    key: (it) => it.paymentKey,
    make: () => el('li', {}, el('a', {})),
    show: (node, it) => {
      const link = node.firstElementChild;
      if (!(link instanceof HTMLAnchorElement)) return;
      link.href = `#/payments/${encodeURIComponent(it.paymentKey)}`;
      fill(
        link,
        el('span', { class: 'name' }, it.orderName),
        el('span', { class: 'amount' }, money(it.amount, it.currency)),
        el('span', { class: 'order' }, it.orderId),
        el('span', { class: 'when' }, words(it.method)),
        el('span', {}, chip(it.status)),
        el('span', { class: 'when' }, since(it.requestedAt)),
      );
    },
  });
  for (const link of list.querySelectorAll('a')) {
    const isSelected = selected !== null && link.hash === `#/payments/${encodeURIComponent(selected)}`;
    if (isSelected) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
  const none = find === '' ? 'No payments yet. Pay in your shop, or make one below.' : 'No payment has this text in its order or key.';
  byId('no-payments', HTMLElement).textContent = state.payments.length > 0 ? '' : none;
  drawOlder('payments', state.payments);
}

/** @param {import('./api.js').State} state @param {string} find */
export function drawRequests(state, find) {
  keyed(byId('request-list', HTMLElement), state.requests.toReversed(), requests(true));
  byId('no-requests', HTMLElement).textContent = state.requests.length > 0 ? '' : find === '' ? 'No calls of the API yet.' : 'No call has this text in its order or path.';
  drawOlder('requests', state.requests);
}

/** @param {import('./api.js').State} state @param {string} find */
export function drawWebhooks(state, find) {
  keyed(byId('webhook-list', HTMLElement), state.webhooks.toReversed(), webhooks(true));
  byId('no-webhooks', HTMLElement).textContent = state.webhooks.length > 0 ? '' : find === '' ? 'No webhooks yet.' : 'No webhook has this text in its order.';
  drawOlder('webhooks', state.webhooks);
  const place = byId('registrations', HTMLElement);
  redraw(place, state.registrations, () =>
    state.registrations.length === 0
      ? [el('li', { class: 'quiet' }, 'Nobody is told about events. Register a URL of your shop, or start the sandbox with --webhook-url.')]
      : [
          ...state.registrations.map((it) => el('li', {}, el('code', {}, it.url), el('span', { class: 'quiet' }, it.events.join(', ')))),
          el('li', {}, button('Tell nobody', () => call('DELETE', '/webhooks/registrations'), { class: 'danger' })),
        ],
  );
}

/** The forms that stand in the page. */
export function bindForms() {
  byId('register', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const url = byId('register-url', HTMLInputElement);
    void attempt(async () => {
      await call('POST', '/webhooks/registrations', { url: url.value });
      say('Registered');
      url.value = '';
    });
  });
}
