// @ts-check
// The fields of `requestPayment` (published types of SDK v1).

/** @type {Rules} */
const FIELDS = {
  ...ORDER,
  successUrl: [isUrl, '출처를 포함한 절대 URL'],
  failUrl: [isUrl, '출처를 포함한 절대 URL'],
  showCustomerMobilePhone: BOOLEAN,
  mobileCarrier: someOf(...CARRIERS),
  appScheme: APP_SCHEME,
  taxExemptionAmount: AMOUNT,
  cultureExpense: BOOLEAN,
  useEscrow: BOOLEAN,
  escrowProducts: listOf(
    { id: STRING, code: STRING, name: STRING, unitPrice: NUMBER, quantity: NUMBER },
    ['id', 'code', 'name', 'unitPrice', 'quantity'],
  ),
  products: PRODUCTS,
  shipping: SHIPPING,
  paymentMethodOptions: METHOD_OPTIONS,
  metadata: [isMetadata, '5쌍 이하, 키 40자, 값 2000자'],
  useInternationalCardOnly: BOOLEAN,
  // Of the payment window of v1, for contracted shops with a test key (Toss community); assumed to be of the widget too.
  _skipAuth: oneOf('FORCE_SUCCESS', 'FORCE_FAIL'),
};

/** What the sandbox's server wants to know of it. @param {Record<string, unknown>} fields */
function orderOf({
  showCustomerMobilePhone, appScheme, escrowProducts, products, shipping, paymentMethodOptions, useInternationalCardOnly,
  mobileCarrier, _skipAuth, ...order
}) {
  return {
    ...order,
    ...(mobileCarrier === undefined ? {} : { mobileCarriers: mobileCarrier }),
    ...(_skipAuth === undefined ? {} : { authSkip: _skipAuth === 'FORCE_SUCCESS' ? 'SUCCESS' : 'FAIL' }),
  };
}

/** @param {unknown} amount @returns {number} */
function checkedAmount(amount) {
  if (isObject(amount)) {
    // PayPal is the only method in another currency, and in this version the sandbox has no PayPal.
    const { value } = checked(amount, { value: AMOUNT, currency: oneOf('KRW'), country: STRING }, ['value'], 'amount');
    return /** @type {number} */ (value);
  }
  if (!isWon(amount)) throw invalid('amount', '0 이상의 정수');
  return amount;
}

/** @param {unknown} reason */
function checkReason(reason) {
  const reasons = Array.isArray(reason) ? reason : [reason];
  if (reason !== undefined && !reasons.every(isString)) throw invalid('reason', '문자열 또는 문자열의 배열');
}

/** @param {unknown} options */
function variantOf(options) {
  if (options === undefined) return checkedVariant(undefined);
  return checkedVariant(checked(options, { variantKey: STRING }, [], 'options').variantKey);
}
