// @ts-check
// The fields of every request of SDK v2 (published types), and what the sandbox's server wants to know of them.

/** @typedef {{ value: number, currency: string }} Amount */
/** @typedef {Record<string, any>} Fields */

/** @type {Rule} */
const METADATA = [isMetadata, '5쌍 이하, 키 40자, 값 2000자', 'INVALID_METADATA'];
/** @type {Rule} */
const SUCCESS_URL = [isUrl, '출처를 포함한 절대 URL', 'INCORRECT_SUCCESS_URL_FORMAT'];
/** @type {Rule} */
const FAIL_URL = [isUrl, '출처를 포함한 절대 URL', 'INCORRECT_FAIL_URL_FORMAT'];
/** @type {Rule} */
const ESCROW_PRODUCTS = listOf({ id: STRING, name: STRING, code: STRING, unitPrice: NUMBER, quantity: NUMBER });
/** @type {Rule} */
const SETTLEMENTS = listOf({ subMid: STRING, amount: NUMBER, taxFreeAmount: NUMBER, productInfo: STRING });
/** @type {Rule} */
const AFFILIATE_CARDS = listOf({ issuerCode: STRING, cardProductCode: STRING });
/** @type {Rule} */
const RECEIPT = shape({ type: oneOf('소득공제', '지출증빙', '미발행') }, ['type']);
/** @type {Rule} */
const HOURS = [(v) => Number.isInteger(v) && Number(v) >= 1 && Number(v) <= 2160, '1~2160'];
/** @type {Rule} */
const DUE_DATE = [(v) => matches(v, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/), "yyyy-MM-dd'T'HH:mm:ss"];
/** @type {Rule} */
const INSTALMENT = [(v) => v === 0 || (Number.isInteger(v) && Number(v) >= 2 && Number(v) <= 12), '0, 2~12'];
/** @type {Rule} */
const THREE_DS = shape({ challengeMode: oneOf('CHALLENGE_REQUIRED') });
/** @type {Rule} */
const TARGET = oneOf('iframe', 'self');
/** @type {Rule} */
const COUNTRY = [(v) => matches(v, /^[A-Z]{2}$/), 'ISO-3166 두 자리 국가 코드'];
const FOREIGN_FIELDS = { country: COUNTRY, products: PRODUCTS, shipping: SHIPPING, paymentMethodOptions: METHOD_OPTIONS };
/** @type {Rule} */
const FOREIGN = shape(FOREIGN_FIELDS, ['country']);
/** Who is paid by abroad (published types). The sandbox has PayPal. */
const PROVIDERS = [
  'PAYPAL', 'GCASH', 'TOUCHNGO', 'BOOST', 'BPI', 'BILLEASE', 'DANA', 'ALIPAYHK', 'TRUEMONEY', 'RABBIT_LINE_PAY', 'ALIPAY', 'PAYPAY',
];

/** Of every payment. @type {Rules} */
const COMMON = {
  ...ORDER,
  successUrl: SUCCESS_URL,
  failUrl: FAIL_URL,
  windowTarget: TARGET,
  pendingUrl: [isUrl, '출처를 포함한 절대 URL'],
  metadata: METADATA,
  sandbox: shape({ paymentResult: oneOf('SUCCESS', 'FAIL') }, ['paymentResult']),
  subOrders: listOf({
    merchantBusinessNumber: STRING, merchantName: STRING, orderName: STRING,
    merchantAddress: shape({ country: STRING, postalCode: STRING, address: STRING, detailAddress: STRING }),
  }),
};

/** `widgets.requestPayment`. @type {Rules} */
const WIDGET_FIELDS = {
  ...COMMON,
  card: shape({ taxExemptionAmount: AMOUNT, appScheme: APP_SCHEME, threeDS: THREE_DS }),
  transfer: shape({ useEscrow: BOOLEAN, escrowProducts: ESCROW_PRODUCTS, isCulturalExpenses: BOOLEAN }),
  virtualAccount: shape({
    useEscrow: BOOLEAN, escrowProducts: ESCROW_PRODUCTS, cashReceipt: RECEIPT, isCulturalExpenses: BOOLEAN,
  }),
  foreignEasyPay: FOREIGN,
  subMerchantSetting: shape({
    normalClientKey: STRING, keyinClientKey: STRING, foreignEasyPayClientKey: STRING, brandpayClientKey: STRING,
    brandpayRedirectUrl: STRING,
  }),
};

/** What each method of `payment.requestPayment` has of its own. @type {Record<string, Rules>} */
const METHOD_FIELDS = {
  CARD: {
    card: shape({
      useEscrow: BOOLEAN, taxExemptionAmount: AMOUNT, flowMode: oneOf('DIRECT', 'DEFAULT'), cardCompany: STRING, easyPay: STRING,
      cardInstallmentPlan: INSTALMENT, maxCardInstallmentPlan: INSTALMENT,
      freeInstallmentPlans: listOf({ company: STRING, months: [(v) => Array.isArray(v) && v.every(isNumber), '숫자의 배열'] }, ['company', 'months']),
      useCardPoint: BOOLEAN, useAppCardOnly: BOOLEAN, discountCode: STRING, validHours: HOURS, dueDate: DUE_DATE,
      escrowProducts: ESCROW_PRODUCTS, useInternationalCardOnly: BOOLEAN, language: oneOf('KO', 'EN', 'JA', 'ZH'),
      showEstimatedAmount: BOOLEAN, threeDS: THREE_DS, appScheme: APP_SCHEME,
      keyin: shape({ selectableCardTypes: someOf('PERSONAL', 'CORPORATE', 'FOREIGN') }),
      showMobileAppHeader: BOOLEAN, affiliateCards: AFFILIATE_CARDS, dividedSettlements: SETTLEMENTS,
    }),
  },
  VIRTUAL_ACCOUNT: {
    virtualAccount: shape({
      taxExemptionAmount: AMOUNT, cashReceipt: RECEIPT, useEscrow: BOOLEAN, escrowProducts: ESCROW_PRODUCTS, validHours: HOURS,
      dueDate: DUE_DATE, isCulturalExpenses: BOOLEAN, showCustomerMobilePhone: BOOLEAN,
      refundReceiveAccount: shape({ bankCode: STRING, accountNumber: STRING, holderName: STRING }, ['bankCode', 'accountNumber', 'holderName']),
    }),
  },
  TRANSFER: {
    transfer: shape({
      taxExemptionAmount: AMOUNT, cashReceipt: RECEIPT, useEscrow: BOOLEAN, escrowProducts: ESCROW_PRODUCTS, validHours: HOURS,
      dueDate: DUE_DATE, isCulturalExpenses: BOOLEAN, encryptedCustomerCi: STRING, showSecuritiesAccount: BOOLEAN,
      provider: oneOf('OPENBANKING', 'BANKPAY'), dividedSettlements: SETTLEMENTS,
    }),
  },
  MOBILE_PHONE: { mobilePhone: shape({ mobileCarriers: someOf(...CARRIERS) }) },
  CULTURE_GIFT_CERTIFICATE: {},
  BOOK_GIFT_CERTIFICATE: {},
  GAME_GIFT_CERTIFICATE: {},
  FOREIGN_EASY_PAY: { foreignEasyPay: shape({ ...FOREIGN_FIELDS, provider: oneOf(...PROVIDERS) }, ['provider', 'country']) },
};

/** `brandpay.requestPayment`. @type {Rules} */
const BRANDPAY_FIELDS = {
  ...ORDER,
  successUrl: SUCCESS_URL,
  failUrl: FAIL_URL,
  methodId: STRING,
  metadata: METADATA,
  shippingAddress: STRING,
  card: shape({
    cardInstallmentPlan: INSTALMENT, useCardPoint: BOOLEAN, discountCode: STRING, affiliateCards: AFFILIATE_CARDS,
    orderProductCode: STRING, dividedSettlements: SETTLEMENTS,
  }),
  transfer: shape({
    cashReceipt: shape({
      type: oneOf('소득공제', '지출증빙', '미발행'), registrationNumber: STRING,
      registrationNumberType: oneOf('CASH_RECEIPT_CARD', 'BUSINESS_REGISTRATION', 'MOBILE'),
    }, ['type']),
    isCulturalExpenses: BOOLEAN, discountCode: STRING, orderProductCode: STRING, dividedSettlements: SETTLEMENTS,
  }),
};

/** What both kinds of billing ask. @type {Rules} */
const BILLING_COMMON = {
  method: STRING, successUrl: SUCCESS_URL, failUrl: FAIL_URL, customerName: HUNDRED, customerEmail: HUNDRED, windowTarget: TARGET,
};
/** `payment.requestBillingAuth`. @type {Record<string, Rules>} */
const BILLING_FIELDS = {
  CARD: {
    ...BILLING_COMMON, selectableCardTypes: someOf('PERSONAL', 'CORPORATE'), flowMode: oneOf('DIRECT', 'DEFAULT'),
    easyPay: oneOf('토스페이', 'TOSSPAY', '네이버페이', 'NAVERPAY'), cardCompany: STRING,
  },
  TRANSFER: { ...BILLING_COMMON, transfer: shape({ encryptedCustomerCi: STRING }) },
};

/** Whole won; dollars to the cent, by the digits that are sent. @param {unknown} value @param {string} currency */
const isAmount = (value, currency) =>
  isNumber(value) && (currency === 'USD' ? /^-?\d{1,13}(\.\d{1,2})?$/.test(String(value)) : Number.isSafeInteger(value));

/**
 * An amount of a request. Ordinary methods take KRW only, PayPal takes USD only (Toss docs).
 * @param {unknown} given @param {string} negative The code of an amount below zero. @param {readonly string[]} [currencies]
 * @returns {Amount}
 */
function amountOf(given, negative, currencies = ['KRW']) {
  const said = isObject(given) ? String(given.currency) : '';
  /** @type {Rules} */
  const rules = {
    value: [(v) => isAmount(v, said), said === 'USD' ? '소수점 두 자리까지의 숫자' : '정수', 'INVALID_AMOUNT_VALUE'],
    currency: [(v) => currencies.includes(String(v)), currencies.join(', '), 'INVALID_AMOUNT_CURRENCY'],
  };
  const { value, currency } = checked(given, rules, ['value', 'currency'], 'amount');
  if (Number(value) < 0) throw invalid('amount.value', '0 이상의 정수', negative);
  return { value: Number(value), currency: String(currency) };
}

/** Payments abroad leave the page (Toss docs: redirect only). */
const redirectOnly = () => tossError('NOT_SUPPORTED_PROMISE', '해외 간편결제는 리다이렉트 방식만 지원합니다.');

/** What the sandbox's server wants to know, of whichever of the methods is paid with. @param {Fields} fields @param {string} method */
function orderOf(fields, method) {
  const { orderId, orderName, customerEmail, customerName, customerMobilePhone, taxFreeAmount, metadata, successUrl, failUrl } = fields;
  const own = (method === 'CARD' ? fields.card : method === 'TRANSFER' ? fields.transfer : method === 'VIRTUAL_ACCOUNT' ? fields.virtualAccount : undefined) ?? {};
  const result = fields.sandbox?.paymentResult;
  return present({
    orderId, orderName, customerEmail, customerName, customerMobilePhone, taxFreeAmount, metadata, successUrl, failUrl,
    taxExemptionAmount: own.taxExemptionAmount,
    useEscrow: own.useEscrow,
    cultureExpense: own.isCulturalExpenses,
    cashReceipt: own.cashReceipt?.type,
    refundReceiveAccount: own.refundReceiveAccount,
    installmentMonths: own.cardInstallmentPlan,
    // The deadline of a card payment or a transfer is one of its window, which the sandbox does not keep open that long.
    validHours: method === 'VIRTUAL_ACCOUNT' ? own.validHours : undefined,
    dueDate: method === 'VIRTUAL_ACCOUNT' ? own.dueDate : undefined,
    mobileCarriers: fields.mobilePhone?.mobileCarriers,
    country: method === 'PAYPAL' ? fields.foreignEasyPay?.country : undefined,
    authSkip: result,
  });
}

/** Without what is not there. @param {Fields} fields @returns {Fields} */
const present = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));

/**
 * Where the window opens. A phone has no frame (Toss docs); assumed: to ask for one there is INVALID_PARAMETERS.
 * @param {Fields} fields @param {boolean} redirect @returns {'iframe' | 'self'}
 */
function targetOf(fields, redirect) {
  const mobile = isMobile();
  if (mobile && fields.windowTarget === 'iframe') throw invalid('windowTarget', '모바일 환경에서는 self');
  const target = fields.windowTarget ?? (mobile ? 'self' : 'iframe');
  // Assumed for `self` on a computer: the page that would wait for the promise is left.
  if (!redirect && target === 'self') throw tossError('NOT_SUPPORTED_PROMISE', '이 환경에서는 리다이렉트 방식만 지원합니다.');
  return target;
}
