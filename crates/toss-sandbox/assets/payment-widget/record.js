// @ts-check
/**
 * The offline counterpart of Toss Payments' SDK v1 for the payment widget: `window.PaymentWidget`.
 *
 * The server joins the files of this folder inside one function, in the order record, checks, style, drawing,
 * payment-window, widget. Surface, argument rules and error codes follow the published types and documentation of
 * SDK v1; what they leave open says "assumed". Every call into the SDK is noted in `window.__tossSandbox.calls` and as
 * a performance mark `toss:<function>`; `toss:ready` marks the first moment at which the payment methods can be used.
 */

/** @type {{ clientKeys: string[], throwsOnCall: number }} */
const settings = { clientKeys: [], throwsOnCall: 0 };

const ANONYMOUS = '@@ANONYMOUS';
const VERSION = '0.1.0-sandbox';

const script = document.currentScript;
/** Where this script came from is where the payment window is. */
const sandboxOrigin = script instanceof HTMLScriptElement && script.src ? new URL(script.src).origin : null;

/** @typedef {Error & { code: string }} TossError */
/** @typedef {{ fn: string, args: unknown[], t: number }} Call */
/** @typedef {{ id: string, agreed: boolean, required: boolean, title: string, content: string }} Term */
/** @typedef {{ agreedRequiredTerms: boolean, terms: Term[] }} AgreementStatus */
/** @typedef {{ type: 'NORMAL', method: string, easyPay?: { provider: string } }} SelectedPaymentMethod */

/** @type {{ __tossSandbox?: { calls: Call[] } }} */
const host = /** @type {any} */ (window);
const record = (host.__tossSandbox ??= { calls: [] });
let callsOfThisScript = 0;

/** @param {string} code @param {string} message @returns {TossError} */
function tossError(code, message) {
  return Object.assign(new Error(message), { code });
}

/** @param {string} field @param {string} rule */
function invalid(field, rule) {
  return tossError('INVALID_PARAMETER', `${field} 값이 올바르지 않습니다. (${rule})`);
}

/**
 * A copy for the record that later changes of the caller do not reach.
 * @param {unknown} value
 * @returns {unknown}
 */
function copy(value) {
  if (typeof value === 'function') return '[function]';
  try {
    return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  } catch {
    return String(value);
  }
}

/**
 * Notes a call; throws if a test has asked for that.
 * @param {string} fn
 * @param {unknown[]} args
 */
function note(fn, args) {
  record.calls.push({ fn, args: args.map(copy), t: performance.now() });
  performance.mark(`toss:${fn}`);
  callsOfThisScript += 1;
  if (callsOfThisScript === settings.throwsOnCall) {
    throw tossError('UNKNOWN_ERROR', '알 수 없는 에러입니다. (샌드박스에서 지정한 장애)');
  }
}
