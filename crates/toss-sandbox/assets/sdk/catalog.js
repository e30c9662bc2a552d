// @ts-check
// What the payment UI offers: methods, card companies, banks, terms. The server knows the same codes.

/**
 * A method of the payment UI. `code` as SDK v2 has it, `method` and `provider` as v1 names it.
 * @typedef {{ code: string, text: string, method: string, provider?: string, hint: string, icon: string }} Method
 */

/** @param {string} code @param {string} text @param {string} icon @returns {Method} */
const easyPay = (code, text, icon) => ({
  code, text, method: '간편결제', provider: text, icon, hint: `${text} 결제창에서 결제를 진행해요.`,
});

/** @type {readonly Method[]} */
const METHODS = [
  { code: 'CARD', text: '카드', method: '카드', icon: '카', hint: '' },
  easyPay('TOSSPAY', '토스페이', 'T'),
  easyPay('NAVERPAY', '네이버페이', 'N'),
  easyPay('PAYCO', '페이코', 'P'),
  { code: 'TRANSFER', text: '계좌이체', method: '계좌이체', icon: '₩', hint: '' },
  { code: 'VIRTUAL_ACCOUNT', text: '가상계좌', method: '가상계좌', icon: '가', hint: '' },
  { code: 'MOBILE_PHONE', text: '휴대폰', method: '휴대폰', icon: '폰', hint: '결제창에서 통신사를 선택하고 인증해요.' },
  {
    code: 'CULTURE_GIFT_CERTIFICATE', text: '문화상품권', method: '문화상품권', icon: '문',
    hint: '결제창에서 상품권 정보를 입력해요.',
  },
];
/** What the payment UI has in place of the others where the amount is in USD (Toss docs: PayPal and USD belong together). @type {Method} */
const PAYPAL = { code: 'PAYPAL', text: 'PayPal', method: '해외간편결제', provider: '페이팔', icon: 'P', hint: 'PayPal 결제창에서 결제를 진행해요.' };
/** Of a shop that has BrandPay within its payment UI. @type {Method} */
const BRANDPAY = { code: 'BRANDPAY', text: '브랜드페이', method: '브랜드페이', icon: 'B', hint: '' };
/** A method that the shop handles itself. Assumed: the key of the sandbox's is its code. @type {Method} */
const CUSTOM = {
  code: 'SANDBOX_PAY', text: '상점 직접 결제', method: '상점 직접 결제', icon: '+', hint: '상점이 직접 처리하는 결제수단이에요.',
};

/** Toss's test environment does not have it (Toss docs /reference/using-api, environment). */
const LIVE_ONLY = 'PAYCO';

/** Codes and names: Toss docs /codes/org-codes. @type {readonly (readonly [code: string, name: string])[]} */
const CARD_COMPANIES = [
  ['41', '신한카드'], ['61', '현대카드'], ['51', '삼성카드'], ['11', 'KB국민카드'],
  ['71', '롯데카드'], ['31', 'BC카드'], ['15', '카카오뱅크'], ['24', '토스뱅크'],
];
/** Instalments are for amounts from here on, in KRW (Toss docs). */
const INSTALMENTS_FROM = 50_000;
/** The banks that open virtual accounts (Toss docs /guides/windows/virtual-account). @type {typeof CARD_COMPANIES} */
const ACCOUNT_BANKS = [
  ['06', 'KB국민은행'], ['88', '신한은행'], ['20', '우리은행'], ['81', '하나은행'], ['11', 'NH농협은행'],
  ['03', 'IBK기업은행'], ['71', '우체국'], ['31', 'iM뱅크(대구)'], ['32', '부산은행'], ['39', '경남은행'],
  ['34', '광주은행'], ['45', '새마을금고'], ['07', 'Sh수협은행'],
];
/** @type {typeof CARD_COMPANIES} */
const BANKS = [['92', '토스뱅크'], ['90', '카카오뱅크'], ...ACCOUNT_BANKS];
/** @type {typeof CARD_COMPANIES} */
const RECEIPTS = [['미발행', '미발행'], ['소득공제', '소득공제 (개인)'], ['지출증빙', '지출증빙 (사업자)']];
/** What a BrandPay customer of the sandbox has registered. @type {typeof CARD_COMPANIES} */
const BRANDPAY_METHODS = [['sandbox-card-1', '신한카드 1234'], ['sandbox-account-1', '토스뱅크 5678']];

/** @typedef {{ id: string, required: boolean, title: string, content: string }} Term */
/** Assumed: one required term and an optional one, unchecked. @type {readonly Readonly<Term>[]} */
const TERMS = [
  {
    id: 'payment', required: true, title: '결제 서비스 이용 약관, 개인정보 처리 동의',
    content: '연습용 약관입니다. 실제 결제가 이루어지지 않으며 개인정보가 수집되지 않습니다.',
  },
  {
    id: 'marketing', required: false, title: '혜택 알림 수신 동의',
    content: '연습용 약관입니다. 아무 알림도 보내지 않습니다.',
  },
];

/**
 * The payment UIs of the sandbox's admin. Any other well-formed `variantKey` is the default UI, so that a shop keeps
 * its own; but `SANDBOX_…` is the sandbox's, and one of those that is not here does not exist.
 */
const VARIANTS = {
  /** With a method that the shop handles itself. */
  custom: 'SANDBOX_CUSTOM',
  /** With the inputs of the refund account. */
  refundAccount: 'SANDBOX_REFUND_ACCOUNT',
  /** With nothing selected at first. */
  unselected: 'SANDBOX_UNSELECTED',
};

/** @param {unknown} key @returns {string} */
function checkedVariant(key) {
  if (key === undefined || (key === null && DIALECT.nullIsAbsent)) return 'DEFAULT';
  if (!isString(key)) throw invalid('variantKey', '문자열');
  const text = String(key);
  const known = text.startsWith('SANDBOX_') ? Object.values(VARIANTS).includes(text) : /^[A-Za-z0-9_-]{1,50}$/.test(text);
  // Assumed for v1: the code is that of v2.
  if (!known) throw tossError('INVALID_VARIANT_KEY', `variantKey에 해당하는 결제 UI가 없습니다: ${text}`);
  return text;
}
