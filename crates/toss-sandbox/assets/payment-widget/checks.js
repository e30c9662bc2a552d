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
const isWon = (value) => Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;

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

const CARRIERS = ['KT', 'LGU', 'SKT', 'HELLO', 'KCT', 'SK7'];

/** @param {unknown} value @param {(item: Record<string, unknown>) => boolean} fits */
const isListOf = (value, fits) => Array.isArray(value) && value.every((item) => isObject(item) && fits(item));

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
 * The fields of `requestPayment`: what they have to be, and in words.
 * @type {Record<string, [(value: unknown) => boolean, string]>}
 */
const FIELDS = {
  orderId: [(v) => matches(v, /^[A-Za-z0-9\-_=]{6,64}$/), "영문, 숫자, '-', '_', '=' 6~64자"],
  orderName: [(v) => isText(v, 1, 100), '1~100자'],
  successUrl: [isUrl, '출처를 포함한 절대 URL'],
  failUrl: [isUrl, '출처를 포함한 절대 URL'],
  customerEmail: [(v) => isText(v, 1, 100), '100자 이하'],
  customerName: [(v) => isText(v, 1, 100), '100자 이하'],
  customerMobilePhone: [(v) => matches(v, /^\d{8,15}$/), "'-' 없이 숫자 8~15자"],
  showCustomerMobilePhone: [isBoolean, '불리언'],
  mobileCarrier: [(v) => Array.isArray(v) && v.every((c) => CARRIERS.includes(c)), CARRIERS.join(', ')],
  appScheme: [(v) => matches(v, /^[A-Za-z][A-Za-z0-9+.-]*:\/\//), 'scheme://'],
  taxFreeAmount: [isWon, '0 이상의 정수'],
  taxExemptionAmount: [isWon, '0 이상의 정수'],
  cultureExpense: [isBoolean, '불리언'],
  useEscrow: [isBoolean, '불리언'],
  escrowProducts: [
    (v) => isListOf(v, (item) => ['id', 'code', 'name', 'unitPrice', 'quantity'].every((key) => key in item)),
    'id, code, name, unitPrice, quantity',
  ],
  products: [(v) => isListOf(v, () => true), '객체의 배열'],
  shipping: [isObject, '객체'],
  paymentMethodOptions: [isObject, '객체'],
  metadata: [isMetadata, '5쌍 이하, 키 40자, 값 2000자'],
  useInternationalCardOnly: [isBoolean, '불리언'],
};

/** @param {unknown} info @returns {Record<string, unknown>} */
function checkedRequest(info) {
  if (!isObject(info)) throw invalid('requestPayment', '객체');
  /** @type {Record<string, unknown>} */
  const given = {};
  for (const [field, value] of Object.entries(info)) {
    // A field that is there and undefined is one that the shop has left out.
    if (value === undefined) continue;
    const rule = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
    if (!rule) throw invalid(field, '알 수 없는 파라미터');
    if (!rule[0](value)) throw invalid(field, rule[1]);
    given[field] = value;
  }
  for (const field of ['orderId', 'orderName']) {
    if (!(field in given)) throw invalid(field, '필수 파라미터');
  }
  if ('successUrl' in given !== 'failUrl' in given) {
    throw invalid('successUrl, failUrl', '둘 다 있거나 둘 다 없음');
  }
  return given;
}

/** @param {unknown} amount @returns {number} */
function checkedAmount(amount) {
  if (isObject(amount)) {
    for (const field of Object.keys(amount)) {
      if (!['value', 'currency', 'country'].includes(field)) throw invalid(`amount.${field}`, '알 수 없는 파라미터');
    }
    // PayPal is the only method in another currency, and the sandbox has no PayPal.
    if ((amount.currency ?? 'KRW') !== 'KRW') throw invalid('amount.currency', 'KRW');
    return checkedAmount(amount.value);
  }
  if (!isWon(amount)) throw invalid('amount', '0 이상의 정수');
  return /** @type {number} */ (amount);
}

/** @param {unknown} reason */
function checkReason(reason) {
  const reasons = Array.isArray(reason) ? reason : [reason];
  if (reason !== undefined && !reasons.every((r) => typeof r === 'string')) {
    throw invalid('reason', '문자열 또는 문자열의 배열');
  }
}

/** @param {unknown} options */
function checkOptions(options) {
  if (options === undefined) return;
  if (!isObject(options)) throw invalid('options', '객체');
  for (const [field, value] of Object.entries(options)) {
    if (field !== 'variantKey') throw invalid(`options.${field}`, '알 수 없는 파라미터');
    if (value !== undefined && typeof value !== 'string') throw invalid('options.variantKey', '문자열');
  }
}

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
 * The events of a widget.
 * @param {string[]} names
 */
function events(names) {
  /** @type {Map<string, ((argument?: unknown) => unknown)[]>} */
  const listeners = new Map(names.map((name) => [name, []]));
  return {
    /** @param {unknown} name @param {unknown} callback */
    on(name, callback) {
      const list = typeof name === 'string' ? listeners.get(name) : undefined;
      if (!list) throw invalid('eventName', names.join(', '));
      if (typeof callback !== 'function') throw invalid('callback', '함수');
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
