// @ts-check
/**
 * What both versions of the SDK start with: where they come from, how they fail, what tests can see of them.
 *
 * Every call into the SDK is noted in `window.__tossSandbox.calls` and as a performance mark `toss:<function>`;
 * `toss:ready` marks each moment at which payment methods can be used.
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

/** @type {{ __tossSandbox?: { calls: Call[] } }} */
const host = /** @type {any} */ (window);
const record = (host.__tossSandbox ??= { calls: [] });
let callsOfThisScript = 0;

/**
 * Says that the global is there. npm loaders from before July 2024 wait for nothing else, and hang without it (source of
 * Toss's sdk-loader).
 * @param {string} namespace
 */
function announce(namespace) {
  window.dispatchEvent(new Event(`TossPayments:initialize:${namespace}`));
}

/** @param {string} code @param {string} message @returns {TossError} */
function tossError(code, message) {
  return Object.assign(new Error(message), { code });
}

/** @param {string} field @param {string} rule @param {string} [code] */
function invalid(field, rule, code = DIALECT.invalid) {
  return tossError(code, `${field} 값이 올바르지 않습니다. (${rule})`);
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
    throw tossError(DIALECT.unknown, '알 수 없는 에러입니다. (샌드박스에서 지정한 장애)');
  }
}
