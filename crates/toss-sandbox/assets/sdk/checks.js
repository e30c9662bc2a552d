// @ts-check
// What the arguments of the SDK have to be.

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
/** @param {unknown} value @param {number} least @param {number} most */
const isText = (value, least, most) =>
  typeof value === 'string' && [...value].length >= least && [...value].length <= most;
/** @param {unknown} value @param {RegExp} pattern */
const matches = (value, pattern) => typeof value === 'string' && pattern.test(value);
/** @param {unknown} value */
const isBoolean = (value) => typeof value === 'boolean';
/** @param {unknown} value */
const isString = (value) => typeof value === 'string';
/** @param {unknown} value @returns {value is number} */
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
/** @param {unknown} value @returns {value is number} */
const isWon = (value) => Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;
/** @param {readonly unknown[]} words @returns {Rule} */
const oneOf = (...words) => [(value) => words.includes(value), words.join(', ')];
/** @param {readonly unknown[]} words @returns {Rule} */
const someOf = (...words) => [
  (value) => Array.isArray(value) && value.every((item) => words.includes(item)), `${words.join(', ')}의 배열`,
];

/** @param {unknown} value */
function isUrl(value) {
  if (typeof value !== 'string') return false;
  try {
    const url = new URL(value);
    return url.protocol === 'http:' || url.protocol === 'https:';
  } catch {
    return false;
  }
}

/** @param {unknown} value */
function isMetadata(value) {
  if (value === null) return true;
  if (!isObject(value)) return false;
  const pairs = Object.entries(value);
  return (
    pairs.length <= 5 &&
    pairs.every(([key, text]) => isText(key, 1, 40) && !/[[\]]/.test(key) && isText(text, 0, 2000))
  );
}

/**
 * Whether a field is as it has to be; one that has fields of its own throws what is wrong with those.
 * @typedef {(value: unknown, path: string) => boolean} Fits
 */
/** A field: what it has to be, in words, and the error code if that is not the usual one. */
/** @typedef {[fits: Fits, rule: string, code?: string]} Rule */
/** @typedef {Record<string, Rule>} Rules */

/**
 * The fields that were given. Throws on one that is unknown, missing or not as it has to be.
 * @param {unknown} given @param {Rules} rules @param {readonly string[]} [required] @param {string} [path]
 * @returns {Record<string, unknown>}
 */
function checked(given, rules, required = [], path = '') {
  if (!isObject(given)) throw invalid(path || '파라미터', '객체');
  /** @type {Record<string, unknown>} */
  const fields = {};
  const inside = path ? `${path}.` : '';
  for (const [field, value] of Object.entries(given)) {
    // A field that is there and undefined is one that the shop has left out.
    if (value === undefined || (value === null && DIALECT.nullIsAbsent)) continue;
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined;
    if (!rule) throw invalid(inside + field, '알 수 없는 파라미터');
    if (!rule[0](value, inside + field)) throw invalid(inside + field, rule[1], rule[2]);
    fields[field] = value;
  }
  for (const field of required) {
    if (!(field in fields)) throw invalid(inside + field, '필수 파라미터');
  }
  return fields;
}

/** An object with fields of its own. @param {Rules} rules @param {readonly string[]} [required] @returns {Rule} */
const shape = (rules, required) => [(value, path) => Boolean(checked(value, rules, required, path)), '객체'];
/** A list of such objects. @param {Rules} rules @param {readonly string[]} [required] @returns {Rule} */
const listOf = (rules, required) => [
  (value, path) => Array.isArray(value) && value.every((item, i) => checked(item, rules, required, `${path}[${i}]`)),
  '객체의 배열',
];

/** @type {Rule} */
const BOOLEAN = [isBoolean, '불리언'];
/** @type {Rule} */
const STRING = [isString, '문자열'];
/** @type {Rule} */
const NUMBER = [isNumber, '숫자'];
/** @type {Rule} */
const AMOUNT = [isWon, '0 이상의 정수'];
/** @type {Rule} */
const HUNDRED = [(value) => isText(value, 1, 100), '1~100자'];
/** @type {Rule} */
const APP_SCHEME = [(value) => matches(value, /^[A-Za-z][A-Za-z0-9+.-]*:\/\//), 'scheme://'];
const CARRIERS = ['KT', 'LGU', 'SKT', 'HELLO', 'KCT', 'SK7'];

/** The fields of every payment (Toss docs /sdk). @type {Rules} */
const ORDER = {
  orderId: [(v) => matches(v, /^[A-Za-z0-9\-_=]{6,64}$/), "영문, 숫자, '-', '_', '=' 6~64자"],
  orderName: HUNDRED,
  customerEmail: HUNDRED,
  customerName: HUNDRED,
  customerMobilePhone: [(v) => matches(v, /^\d{8,15}$/), "'-' 없이 숫자 8~15자"],
  taxFreeAmount: AMOUNT,
};

/** The goods of a payment to another country. @type {Rule} */
const PRODUCTS = listOf(
  { name: HUNDRED, quantity: NUMBER, unitAmount: NUMBER, currency: STRING, description: STRING },
  ['name', 'quantity', 'unitAmount', 'currency', 'description'],
);
/** @type {Rule} */
const SHIPPING = shape({
  fullName: STRING,
  address: shape(
    { country: STRING, line1: STRING, line2: STRING, area1: STRING, area2: STRING, postalCode: STRING },
    ['country', 'area2'],
  ),
});
/** @type {Rule} */
const METHOD_OPTIONS = shape({ paypal: shape({ setTransactionContext: [() => true, '값'] }) });

/** Redirect mode has both URLs, promise mode none. @param {Record<string, unknown>} fields */
function isRedirect(fields) {
  if ('successUrl' in fields !== 'failUrl' in fields) throw invalid('successUrl, failUrl', '둘 다 있거나 둘 다 없음');
  return 'successUrl' in fields;
}

/** @param {unknown} key @returns {key is string} */
const isCustomerKey = (key) => key === ANONYMOUS || matches(key, /^[A-Za-z0-9\-_=.@]{2,50}$/);
const CUSTOMER_KEY_RULE = "customerKey는 영문, 숫자, '-', '_', '=', '.', '@' 2~50자여야 합니다.";
/** @param {unknown} key @returns {key is string} */
const isClientKey = (key) => matches(key, /^(test|live)_g?ck_\w+$/);

/** Whether the page is on a phone or tablet, where there is no room for a window within the page. */
const isMobile = () => /Mobi|Android|iPhone|iPad|iPod/.test(navigator.userAgent);

/** @param {unknown} selector @returns {Element} */
function place(selector) {
  let found = null;
  try {
    found = typeof selector === 'string' ? document.querySelector(selector) : null;
  } catch {
    // Not a selector at all: the same mistake as one that finds nothing.
  }
  // Assumed for v1: the code is that of v2.
  if (!found) throw tossError('INVALID_SELECTOR', `선택자에 해당하는 요소를 찾을 수 없습니다: ${String(selector)}`);
  return found;
}

/**
 * The events of a widget. A name or callback that is wrong is `INVALID_PARAMETER` in both versions (Toss docs).
 * @param {readonly string[]} names
 */
function events(names) {
  /** @type {Map<string, ((argument?: any) => unknown)[]>} */
  const listeners = new Map(names.map((name) => [name, []]));
  return {
    /** @param {unknown} name @param {unknown} callback */
    on(name, callback) {
      const list = typeof name === 'string' ? listeners.get(name) : undefined;
      if (!list) throw invalid('eventName', names.join(', '), 'INVALID_PARAMETER');
      if (typeof callback !== 'function') throw invalid('callback', '함수', 'INVALID_PARAMETER');
      list.push(/** @type {any} */ (callback));
    },
    /** @param {string} name @param {unknown} [argument] */
    emit(name, argument) {
      // A listener that throws is reported as its own error and keeps none of the others from being called.
      for (const callback of listeners.get(name) ?? []) {
        try {
          callback(argument);
        } catch (error) {
          reportError(error);
        }
      }
    },
  };
}
