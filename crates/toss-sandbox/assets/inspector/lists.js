// The lists: payments, requests, webhooks.

import { attempt, button, byId, el, fill, keyed, redraw, say } from './dom.js';
import { call } from './api.js';
import { requests, webhooks } from './entries.js';
import { chip, since, won } from './format.js';

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
        el('span', { class: 'amount' }, won(it.amount)),
        el('span', { class: 'order' }, it.orderId),
        el('span', { class: 'when' }, since(it.requestedAt)),
        el('span', { class: 'state' }, chip(it.status)),
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
}

/** @param {import('./api.js').State} state */
export function drawRequests(state) {
  keyed(byId('request-list', HTMLElement), state.requests.toReversed(), requests(true));
  byId('no-requests', HTMLElement).textContent = state.requests.length > 0 ? '' : 'No calls of the API yet.';
}

/** @param {import('./api.js').State} state */
export function drawWebhooks(state) {
  keyed(byId('webhook-list', HTMLElement), state.webhooks.toReversed(), webhooks(true));
  byId('no-webhooks', HTMLElement).textContent = state.webhooks.length > 0 ? '' : 'No webhooks yet.';
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
