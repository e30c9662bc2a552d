// The control plane, as the inspector uses it. Its documentation is the README of the crate.

/** @typedef {'READY'|'IN_PROGRESS'|'WAITING_FOR_DEPOSIT'|'DONE'|'CANCELED'|'PARTIAL_CANCELED'|'ABORTED'|'EXPIRED'} Status */
/** @typedef {{kind: string, code?: string, ms?: number, call?: number}} Fault */
/** @typedef {'once' | 'always' | {next: number} | {chance: {percent: number}}} Times */
/** @typedef {{from: Status | null, to: Status, trigger: string, at: number}} Transition */
/**
 * @typedef {{paymentKey: string, orderId: string, orderName: string, amount: number, currency: string, balance: number,
 *   method: string, status: Status, requestedAt: number, timeline: Transition[]}} Payment
 */
/**
 * @typedef {{number: number, method: string, path: string, orderId: string | null, idempotencyKey: string | null,
 *   bodySha256: string, status: number | null, charged: boolean, replayed: boolean, fault: Fault | null, at: number,
 *   tookMs: number | null}} RequestRecord
 */
/** @typedef {{text: string, bytes: number}} BodyCopy */
/** @typedef {RequestRecord & {requestBody: BodyCopy, answerBody: BodyCopy | null}} RequestInFull */
/** @typedef {{kind: 'answered', status: number} | {kind: 'timed_out'} | {kind: 'unreachable', why: string}} Outcome */
/**
 * @typedef {{number: number, transmissionId: string, url: string, eventType: string, orderId: string | null, body: string,
 *   createdAt: number, fault: Fault | null, forged: boolean, state: 'waiting'|'sending'|'delivered'|'failed'|'lost',
 *   due?: number, attempts: {at: number, retriedCount: number, outcome: Outcome | null}[]}} WebhookRecord
 */
/** @typedef {{fault: Fault, endpoint: string, orderId: string | null, clientKey: string | null, times: Times}} Rule */
/** @typedef {{fault: Fault, times: Times}} ScriptRule */
/** @typedef {{fault: Fault, eventType: string | null, orderId: string | null, clientKey: string | null, times: Times}} WebhookRule */
/** @typedef {{faults: Rule[], scriptFaults: ScriptRule[], webhookFaults: WebhookRule[]}} Faults */
/** @typedef {{nowMs: number, running: boolean}} Clock */
/** @typedef {{paymentKey: string, orderId: string, amount: number, currency: string, kind: 'charge'|'refund'|'reversal', at: number}} Charge */
/**
 * @typedef {{payments: Payment[], ledger: Charge[], requests: RequestRecord[], webhooks: WebhookRecord[], hung: number,
 *   clock: Clock, faults: Faults, registrations: {url: string, events: string[]}[]}} State
 */
/** @typedef {{payment: Payment, ledger: Charge[], requests: RequestRecord[], webhooks: WebhookRecord[]}} Whole */
/** @typedef {{name: string, what: string}} Scenario */
/**
 * @typedef {{version: string, url: string, clientKey: string, secretKey: string | null, apiClientKey: string,
 *   apiSecretKey: string, endpoints: string[],
 *   methods: string[], scenarios: Scenario[], magicWords: {word: string, what: string}[]}} About
 */

const PREFIX = '/sandbox/control';
/** So many entries of a list are shown, the newest. */
export const SHOWN = 200;

/**
 * @param {'GET' | 'POST' | 'DELETE'} method @param {string} path @param {unknown} [body]
 * @returns {Promise<any>} what the sandbox says; the caller names its type
 */
export async function call(method, path, body) {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  const answer = await fetch(PREFIX + path, { method, ...json });
  const text = await answer.text();
  if (!answer.ok) throw new Error(complaint(text) ?? `${method} ${path}: ${answer.status}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** @param {string} text */
function complaint(text) {
  try {
    const { code, message } = JSON.parse(text);
    return `${code}: ${message}`;
  } catch {
    return undefined;
  }
}

/** @param {string} find @returns {Promise<State>} */
export const state = (find) => call('GET', `/state?limit=${SHOWN}&find=${encodeURIComponent(find)}`);
/** @param {string} key @returns {Promise<Whole>} */
export const payment = (key) => call('GET', `/payments/${encodeURIComponent(key)}`);
/** @param {number} number @returns {Promise<RequestInFull>} */
export const request = (number) => call('GET', `/requests/${number}`);
/** @returns {Promise<About>} */
export const about = () => call('GET', '/about');
/** @param {Payment} payment @param {string} what @param {unknown} [body] */
export const act = (payment, what, body) => call('POST', `/payments/${encodeURIComponent(payment.paymentKey)}/${what}`, body);

/**
 * Hears of changes, and whether the sandbox is there. The browser connects again by itself. A page that nobody sees
 * hangs up: a browser has few connections for one host, and the payment window needs them too.
 * @param {() => void} changed @param {(is: 'live' | 'gone') => void} connection
 */
export function listen(changed, connection) {
  /** @type {EventSource | null} */
  let source = null;
  const follow = () => {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (source === null) {
      source = new EventSource(`${PREFIX}/events`);
      source.addEventListener('open', () => connection('live'));
      source.addEventListener('change', changed);
      source.addEventListener('error', () => {
        connection('gone');
        // Refused for good, as by a proxy in between: try again all the same.
        if (source?.readyState === EventSource.CLOSED) {
          source = null;
          setTimeout(follow, 2_000);
        }
      });
    }
  };
  document.addEventListener('visibilitychange', follow);
  follow();
}
