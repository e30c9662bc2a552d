// The bar at the top: connection, clock, reset.

import { call } from './api.js';
import { attempt, button, byId, fill, redraw, say } from './dom.js';
import { dayAndTime, tick } from './format.js';

/** The sandbox's clock, and this browser's when it was read. */
let clock = { nowMs: 0, running: false, readAt: 0 };

/** Milliseconds since 1970 on the sandbox's clock. */
export const now = () => (clock.running ? clock.nowMs + (performance.now() - clock.readAt) : clock.nowMs);

/** @param {import('./api.js').Clock} read */
export function drawClock(read) {
  clock = { ...read, readAt: performance.now() };
  redraw(byId('clock-toggle', HTMLElement), read.running, () => [read.running ? 'Stop' : 'Run']);
  byId('clock', HTMLElement).dataset.running = String(read.running);
  byId('clock-state', HTMLElement).textContent = read.running ? 'running' : 'stopped';
  beat();
}

function beat() {
  byId('now', HTMLElement).textContent = dayAndTime(now());
  tick(now());
}

const STEPS = /** @type {const} */ ([
  ['+1 min', 60_000],
  ['+10 min', 600_000],
  ['+1 day', 86_400_000],
  ['+15 days', 15 * 86_400_000],
]);

export function bindTop() {
  setInterval(beat, 500);
  byId('clock-toggle', HTMLElement).addEventListener('click', () => void attempt(() => call('POST', '/clock', { running: !clock.running })));
  fill(
    byId('clock-steps', HTMLElement),
    ...STEPS.map(([label, advanceMs]) => button(label, () => call('POST', '/clock', { advanceMs }), { title: 'Move the clock forward' })),
  );
  byId('reset', HTMLElement).addEventListener('click', () => {
    if (!confirm('Forget every payment, request, webhook and fault, and set the clock back to its start?')) return;
    void attempt(async () => {
      await call('POST', '/reset');
      location.hash = '#/payments';
      say('Everything is forgotten');
    });
  });
}

/** @param {'live' | 'gone'} is */
export function drawConnection(is) {
  const place = byId('connection', HTMLElement);
  place.dataset.is = is;
  place.textContent = is === 'live' ? 'Live' : 'The sandbox has gone. Connecting again…';
}
