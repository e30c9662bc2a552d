// Every mistake of a shop that the sandbox's browser scripts can tell has the code of Toss's documentation.
import { API_KEYS, expect, type Merchant, test, WIDGET_KEYS } from '../fixtures/merchant.js';

/** What a piece of code in the page ends with: the code of its error, or `ok`. */
const outcome = (merchant: Merchant, code: string): Promise<unknown> =>
  merchant.page.evaluate(`(async () => { ${code} })().then((value) => value ?? 'ok', (error) => error.code)`);

const SDK = `const toss = (key = '${WIDGET_KEYS.client}') => window.TossPayments(key);
  const widgets = toss().widgets({ customerKey: '@@ANONYMOUS' });
  const payment = toss('${API_KEYS.client}').payment({ customerKey: 'customer-1' });
  const brandpay = (redirectUrl) => toss('${API_KEYS.client}').brandpay({ customerKey: 'customer-1', ...(redirectUrl ? { redirectUrl } : {}) });
  const won = (value) => ({ value, currency: 'KRW' });
  const order = { orderId: 'sdk-errors-1', orderName: '책' };
  const rendered = async (variantKey) => {
    await widgets.setAmount(won(10000));
    return widgets.renderPaymentMethods({ selector: '#methods', ...(variantKey ? { variantKey } : {}) });
  };
  const choose = (code) => { document.querySelector('#methods > div').shadowRoot.querySelector(\`input[value="\${code}"]\`).click(); };
  const inForm = (id) => document.querySelector('#methods > div').shadowRoot.getElementById(id);`;

const V2: [what: string, code: string, expected: unknown][] = [
  // Keys
  ['a client key of no form', `toss('key').widgets({ customerKey: 'ab' })`, 'INVALID_CLIENT_KEY'],
  ['a client key that nobody has', `toss('test_gck_nobody').widgets({ customerKey: 'ab' })`, 'INVALID_CLIENT_KEY'],
  ['a customer key with a space', `toss().widgets({ customerKey: 'a b' })`, 'INVALID_CUSTOMER_KEY'],
  ['a customer key of one character', `toss().widgets({ customerKey: 'a' })`, 'INVALID_CUSTOMER_KEY'],
  ['a secret key in the browser', `toss().widgets({ customerKey: 'test_gsk_abc' })`, 'INSECURE_KEY_USAGE'],
  ['a key of the API for the widgets', `toss('${API_KEYS.client}').widgets({ customerKey: 'ab' })`, 'NOT_SUPPORTED_API_INDIVIDUAL_KEY'],
  ['a key of the widgets for the window', `toss().payment({ customerKey: 'ab' })`, 'NOT_SUPPORTED_WIDGET_KEY'],
  ['a key of the widgets for BrandPay', `toss().brandpay({ customerKey: 'ab' })`, 'NOT_SUPPORTED_WIDGET_KEY'],
  ['no customer key', `toss().widgets({})`, 'INVALID_PARAMETERS'],
  ['a call of SDK v1', `toss().requestPayment('카드', {})`, 'V1_METHOD_NOT_SUPPORTED'],
  // Amounts
  ['an amount that is no number', `await widgets.setAmount({ value: '1', currency: 'KRW' })`, 'INVALID_AMOUNT_VALUE'],
  ['a negative amount', `await widgets.setAmount(won(-1))`, 'INVALID_AMOUNT_VALUE'],
  ['a currency that is not there', `await widgets.setAmount({ value: 1, currency: 'EUR' })`, 'INVALID_AMOUNT_CURRENCY'],
  ['another currency than the payment UI was drawn for', `await rendered(); await widgets.setAmount({ value: 1, currency: 'USD' })`, 'INVALID_AMOUNT_CURRENCY'],
  ['an amount without currency', `await widgets.setAmount({ value: 1 })`, 'INVALID_PARAMETERS'],
  ['a negative amount in the window', `await payment.requestPayment({ ...order, method: 'CARD', amount: won(-1) })`, 'BELOW_ZERO_AMOUNT'],
  // Rendering
  ['rendering before the amount', `await widgets.renderPaymentMethods({ selector: '#methods' })`, 'NOT_SETUP_AMOUNT'],
  ['a selector that finds nothing', `await widgets.renderAgreement({ selector: '#nowhere' })`, 'INVALID_SELECTOR'],
  ['a selector that is none', `await widgets.renderAgreement({ selector: '##' })`, 'INVALID_SELECTOR'],
  ['a payment UI that does not exist', `await rendered('SANDBOX_NO_SUCH')`, 'INVALID_VARIANT_KEY'],
  ['rendering twice', `await rendered(); await rendered()`, 'PAYMENT_METHODS_WIDGET_ALREADY_RENDERED'],
  ['rendering twice, with another instance', `await rendered(); const other = toss().widgets({ customerKey: 'ab' }); await other.setAmount(won(1)); await other.renderPaymentMethods({ selector: '#methods' })`, 'PAYMENT_METHODS_WIDGET_ALREADY_RENDERED'],
  ['rendering again after destroy', `await (await rendered()).destroy(); await rendered()`, 'ok'],
  ['two agreements', `await widgets.renderAgreement({ selector: '#agreement' }); await widgets.renderAgreement({ selector: '#agreement' })`, 'AGREEMENT_WIDGET_ALREADY_RENDERED'],
  ['two windows', `await widgets.setAmount(won(1)); await widgets.renderPaymentWindow(); await widgets.renderPaymentWindow()`, 'PAYMENT_WINDOW_ALREADY_RENDERED'],
  ['both renderings at once', `await widgets.setAmount(won(1)); await Promise.all([widgets.renderPaymentMethods({ selector: '#methods' }), widgets.renderAgreement({ selector: '#agreement' })])`, 'ok'],
  ['the same rendering twice at once', `await widgets.setAmount(won(1)); await Promise.all([widgets.renderPaymentMethods({ selector: '#methods' }), widgets.renderPaymentMethods({ selector: '#methods' })])`, 'INVALID_METHOD_TRANSACTION'],
  ['a payment while a rendering runs', `await widgets.setAmount(won(1)); await Promise.all([widgets.renderPaymentMethods({ selector: '#methods' }), widgets.requestPayment(order)])`, 'INVALID_METHOD_TRANSACTION'],
  ['an event that there is not', `(await rendered()).on('ready', () => {})`, 'INVALID_PARAMETER'],
  ['a callback that is none', `(await rendered()).on('paymentMethodSelect', 1)`, 'INVALID_PARAMETER'],
  // requestPayment of the widgets
  ['paying before rendering', `await widgets.setAmount(won(1)); await widgets.requestPayment(order)`, 'NOT_SELECTED_PAYMENT_METHOD'],
  ['nothing selected', `await rendered('SANDBOX_UNSELECTED'); await widgets.requestPayment(order)`, 'NOT_SELECTED_PAYMENT_METHOD'],
  ['an amount where it does not belong', `await rendered(); await widgets.requestPayment({ ...order, amount: 1 })`, 'INVALID_PARAMETERS'],
  ['an unknown field of a field', `await rendered(); await widgets.requestPayment({ ...order, card: { colour: 'red' } })`, 'INVALID_PARAMETERS'],
  ['no order name', `await rendered(); await widgets.requestPayment({ orderId: 'sdk-errors-1' })`, 'INVALID_PARAMETERS'],
  ['an orderId that is too short', `await rendered(); await widgets.requestPayment({ ...order, orderId: 'short' })`, 'INVALID_PARAMETERS'],
  ['one URL of two', `await rendered(); await widgets.requestPayment({ ...order, successUrl: location.href })`, 'INVALID_PARAMETERS'],
  ['a success URL without origin', `await rendered(); await widgets.requestPayment({ ...order, successUrl: '/s', failUrl: location.href })`, 'INCORRECT_SUCCESS_URL_FORMAT'],
  ['a fail URL without origin', `await rendered(); await widgets.requestPayment({ ...order, failUrl: '/f', successUrl: location.href })`, 'INCORRECT_FAIL_URL_FORMAT'],
  ['six pairs of metadata', `await rendered(); await widgets.requestPayment({ ...order, metadata: { a: '', b: '', c: '', d: '', e: '', f: '' } })`, 'INVALID_METADATA'],
  ['a promise in the page itself', `await rendered(); await widgets.requestPayment({ ...order, windowTarget: 'self' })`, 'NOT_SUPPORTED_PROMISE'],
  ['terms that are not agreed to', `await rendered(); await widgets.renderAgreement({ selector: '#agreement' }); await widgets.requestPayment(order)`, 'NEED_AGREEMENT_WITH_REQUIRED_TERMS'],
  ['no card company', `await rendered(); inForm('company').value = ''; await widgets.requestPayment(order)`, 'NEED_CARD_PAYMENT_DETAIL'],
  ['no refund account', `await rendered('SANDBOX_REFUND_ACCOUNT'); choose('VIRTUAL_ACCOUNT'); await widgets.requestPayment(order)`, 'NEED_REFUND_ACCOUNT_DETAIL'],
  ['a method that only real money has', `await rendered(); choose('PAYCO'); await widgets.requestPayment(order)`, 'UNSUPPORTED_TEST_PHASE_PAYMENT_METHOD'],
  ['a method of the shop itself', `await rendered('SANDBOX_CUSTOM'); choose('SANDBOX_PAY'); await widgets.requestPayment(order)`, 'CUSTOM_PAYMENT_METHOD_UNABLE_TO_PAY'],
  // payment() and brandpay()
  ['a method that there is not', `await payment.requestPayment({ ...order, method: 'TELEPATHY', amount: won(1000) })`, 'NOT_SUPPORTED_METHOD'],
  ['a field of another method', `await payment.requestPayment({ ...order, method: 'CARD', amount: won(1000), transfer: {} })`, 'INVALID_PARAMETERS'],
  ['a deadline of more than 90 days', `await payment.requestPayment({ ...order, method: 'VIRTUAL_ACCOUNT', amount: won(1000), virtualAccount: { dueDate: '2999-01-01T00:00:00' } })`, 'EXCEED_MAX_DUE_DATE'],
  ['destroy without a window', `await payment.destroy()`, 'NO_ACTIVE_PAYMENT_REQUEST'],
  ['destroy of an open window', `const pending = payment.requestPayment({ ...order, method: 'CARD', amount: won(1000) }); pending.catch(() => {});
    for (;;) { try { await payment.destroy(); break; } catch {} } await pending`, 'PAYMENT_REQUEST_ABORTED'],
  ['billing without URLs', `await payment.requestBillingAuth({ method: 'CARD' })`, 'INVALID_PARAMETERS'],
  ['billing by phone', `await payment.requestBillingAuth({ method: 'MOBILE_PHONE' })`, 'NOT_SUPPORTED_METHOD'],
  ['BrandPay without a redirect URL', `await brandpay().addPaymentMethod()`, 'NOT_REGISTERED_REDIRECT_URL'],
  ['BrandPay before the terms', `await brandpay(location.origin).isOneTouchPayEnabled()`, 'NEED_AGREEMENT_WITH_TERMS'],
];

test('SDK v2: every mistake has its code', async ({ merchant }) => {
  test.slow();
  for (const [what, code, expected] of V2) {
    // A page of its own for each: what one renders is not there for the next.
    await merchant.open('tosspayments-sdk', `await toss.loadTossPayments('${WIDGET_KEYS.client}', { src })`);
    expect(await outcome(merchant, `${SDK} ${code.includes('await') ? code : `return void (${code})`}`), what).toEqual(expected);
  }
});

const V1: [what: string, code: string, expected: unknown][] = [
  ['a client key of no form', `window.PaymentWidget('key', 'ab')`, 'INVALID_CLIENT_KEY'],
  ['a customer key with a space', `window.PaymentWidget('${WIDGET_KEYS.client}', 'a b')`, 'INVALID_CUSTOMER_KEY'],
  ['a key of the API', `window.PaymentWidget('${API_KEYS.client}', 'ab').renderPaymentMethods('#methods', 1)`, 'NOT_REGISTERED_PAYMENT_WIDGET'],
  ['a key that nobody has', `window.PaymentWidget('test_gck_nobody', 'ab').renderPaymentMethods('#methods', 1)`, 'UNAUTHORIZED_KEY'],
  ['an unknown option', `window.PaymentWidget('${WIDGET_KEYS.client}', 'ab', { brandPay: {} })`, 'INVALID_PARAMETER'],
  ['a selector that finds nothing', `widget.renderPaymentMethods('#nowhere', 1)`, 'INVALID_SELECTOR'],
  ['an amount that is none', `widget.renderPaymentMethods('#methods', '1')`, 'INVALID_PARAMETER'],
  ['a payment UI that does not exist', `widget.renderPaymentMethods('#methods', 1, { variantKey: 'SANDBOX_NO_SUCH' })`, 'INVALID_VARIANT_KEY'],
  ['paying before rendering', `await widget.requestPayment(order)`, 'UNKNOWN_ERROR'],
  ['an unknown field', `await ready(); await widget.requestPayment({ ...order, amount: 1 })`, 'INVALID_PARAMETER'],
  ['no refund account', `await ready('SANDBOX_REFUND_ACCOUNT'); choose('VIRTUAL_ACCOUNT'); await widget.requestPayment(order)`, 'NEED_REFUND_ACCOUNT_DETAIL'],
  ['terms that are not agreed to', `await ready(); widget.renderAgreement('#agreement'); await widget.requestPayment(order)`, 'NEED_AGREEMENT_WITH_REQUIRED_TERMS'],
  [
    'a method of the shop itself tells of its choice, its end and the request',
    `const methods = await ready('SANDBOX_CUSTOM'); const heard = [];
     for (const name of ['customPaymentMethodSelect', 'customRequest', 'customPaymentMethodUnselect']) methods.on(name, (key) => heard.push(name + ' ' + key));
     choose('SANDBOX_PAY'); const selected = methods.getSelectedPaymentMethod(); await widget.requestPayment(order); choose('CARD'); return [selected, ...heard]`,
    [{ type: 'CUSTOM', paymentMethodKey: 'SANDBOX_PAY' }, 'customPaymentMethodSelect SANDBOX_PAY', 'customRequest SANDBOX_PAY', 'customPaymentMethodUnselect SANDBOX_PAY'],
  ],
];

test('SDK v1: every mistake has its code', async ({ merchant }) => {
  const setup = `const widget = window.PaymentWidget('${WIDGET_KEYS.client}', '@@ANONYMOUS'); const order = { orderId: 'sdk-errors-1', orderName: '책' };
    const ready = (variantKey) => new Promise((resolve) => { const methods = widget.renderPaymentMethods('#methods', 10000, variantKey ? { variantKey } : {}); methods.on('ready', () => resolve(methods)); });
    const choose = (code) => { document.querySelector('#methods > div').shadowRoot.querySelector(\`input[value="\${code}"]\`).click(); };`;
  for (const [what, code, expected] of V1) {
    await merchant.open('payment-widget-sdk', `await toss.loadPaymentWidget('${WIDGET_KEYS.client}', '@@ANONYMOUS', undefined, { src })`);
    expect(await outcome(merchant, `${setup} ${code.includes('await') ? code : `return void (${code})`}`), what).toEqual(expected);
  }
});

test.describe('on a phone', () => {
  test.use({ userAgent: 'Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36' });

  test('there is no promise, and no frame', async ({ merchant }) => {
    for (const [own, expected] of [
      ['', 'NOT_SUPPORTED_PROMISE'],
      ["windowTarget: 'iframe', successUrl: location.href, failUrl: location.href", 'INVALID_PARAMETERS'],
    ]) {
      await merchant.open('tosspayments-sdk', `await toss.loadTossPayments('${WIDGET_KEYS.client}', { src })`);
      expect(await outcome(merchant, `${SDK} await rendered(); await widgets.requestPayment({ ...order, ${own} })`)).toBe(expected);
    }
  });
});
