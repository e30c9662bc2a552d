// The page: what is shown, and when it is read again.

import * as api from './api.js';
import { attempt, byId } from './dom.js';
import { bindNewPayment, drawDetail } from './detail.js';
import { bindFaults, drawFaults } from './faults.js';
import { bindForms, drawPayments, drawRequests, drawWebhooks } from './lists.js';
import { drawStart } from './start.js';
import { bindTop, drawClock, drawConnection, now } from './top.js';
import { tick } from './format.js';

const VIEWS = ['payments', 'requests', 'webhooks', 'start'];
/** Enough to follow with the eye. */
const AT_MOST_EVERY_MS = 150;

/** Each list is searched by itself. */
const finds = new Map(['payments', 'requests', 'webhooks'].map((view) => [view, byId(`find-${view}`, HTMLInputElement)]));

/** What the address says: `#/payments/<paymentKey>`. */
function place() {
  const [, view = '', key = ''] = location.hash.split('/');
  return { view: VIEWS.includes(view) ? view : 'payments', selected: key === '' ? null : decodeURIComponent(key) };
}

let isReading = false;
let isStale = false;

/** Reads again what is shown, once however often it is asked for meanwhile. */
async function refresh() {
  isStale = true;
  if (isReading) return;
  isReading = true;
  while (isStale) {
    isStale = false;
    // When the sandbox has gone, the connection says so, and its return asks for everything again.
    await read().catch(() => drawConnection('gone'));
    await new Promise((resume) => setTimeout(resume, AT_MOST_EVERY_MS));
  }
  isReading = false;
}

async function read() {
  const { view, selected } = place();
  const text = finds.get(view)?.value.trim() ?? '';
  const wanted = view === 'payments' ? selected : null;
  const [state, whole] = await Promise.all([api.state(text), wanted === null ? null : api.payment(wanted).catch(() => null)]);
  drawConnection('live');
  // The address has moved on meanwhile: its own reading follows.
  if (place().selected !== selected || place().view !== view) return;
  drawClock(state.clock);
  drawFaults(state);
  if (view === 'payments') {
    drawPayments(state, selected, text);
    drawDetail(whole);
  }
  if (view === 'requests') drawRequests(state, text);
  if (view === 'webhooks') drawWebhooks(state, text);
  tick(now());
}

function show() {
  const { view, selected } = place();
  for (const name of VIEWS) {
    byId(name, HTMLElement).hidden = name !== view;
    const tab = byId(`to-${name}`, HTMLElement);
    if (name === view) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  byId('payments', HTMLElement).dataset.selected = String(selected !== null);
  void refresh();
}

bindTop();
bindForms();
addEventListener('hashchange', show);
for (const find of finds.values()) find.addEventListener('input', () => void refresh());
api.listen(() => void refresh(), drawConnection);
void attempt(async () => {
  const about = await api.about();
  bindFaults(about);
  bindNewPayment(about);
  drawStart(about);
});
show();
