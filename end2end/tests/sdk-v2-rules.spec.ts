// What SDK v2 of the sandbox does with right and wrong calls: members, codes, events, timing, both modes. Types are checked
// by tsc.
import { expect, sdkTest } from '../fixtures/bare-shop.js';
import { SANDBOX_URL } from '../fixtures/sandbox.js';

const test = sdkTest('v2');

const WIDGETS = `const widgets = TossPayments(GCK).widgets({ customerKey });`;
const AMOUNT = `${WIDGETS} await widgets.setAmount(amount);`;
const DRAWN = `${AMOUNT} const drawn = await widgets.renderPaymentMethods({ selector: methods, variantKey: window.variant ?? 'DEFAULT' });`;
const AGREEMENT = `const terms = await widgets.renderAgreement({ selector: agreement, variantKey: 'AGREEMENT' });`;
const PAYMENT = `const payment = TossPayments(CK).payment({ customerKey });`;
const BRANDPAY = `const brandpay = TossPayments(CK).brandpay({ customerKey, redirectUrl: urls.successUrl });`;
const CARD = `method: 'CARD', amount, ...order`;
const PAYPAL = `method: 'FOREIGN_EASY_PAY', amount: { value: 726.24, currency: 'USD' }, ...order, foreignEasyPay: { provider: 'PAYPAL', country: 'US' }`;
const inMethods = (selector: string) => `document.querySelector(methods).firstChild.shadowRoot.querySelector('${selector}')`;

test('the members are there', async ({ bare }) => {
  const members = await bare.run<unknown>(`
    ${DRAWN} ${AGREEMENT} ${PAYMENT} ${BRANDPAY}
    const opened = await TossPayments(GCK).widgets({ customerKey }).setAmount(amount);
    const all = (it) => Object.keys(it).sort();
    return {
      anonymous: TossPayments.ANONYMOUS, nothing: opened === undefined, widgets: all(widgets), drawn: all(drawn), terms: all(terms),
      payment: all(payment), brandpay: all(brandpay), selected: await drawn.getSelectedPaymentMethod(),
    };`);
  expect(members).toEqual({
    anonymous: '@@ANONYMOUS', nothing: true,
    widgets: ['renderAgreement', 'renderPaymentMethods', 'renderPaymentWindow', 'requestPayment', 'requestPaymentWindow', 'setAmount'],
    drawn: ['destroy', 'getSelectedPaymentMethod', 'on'],
    terms: ['destroy', 'on'],
    payment: ['destroy', 'requestBillingAuth', 'requestPayment'],
    brandpay: ['addPaymentMethod', 'changeOneTouchPay', 'changePassword', 'isOneTouchPayEnabled', 'openSettings', 'requestBillingAuth', 'requestPayment'],
    selected: { code: 'CARD' },
  });
});

const SHORT = { WIDGETS, AMOUNT, DRAWN, AGREEMENT, PAYMENT, BRANDPAY };
/** A snippet as a title: what comes before the call that matters is left out. */
function title(snippet: string): string {
  const parts = Object.values(SHORT).sort((one, other) => other.length - one.length);
  return parts.reduce((text, part) => text.replaceAll(part, ''), snippet).replace(/\s+/g, ' ').trim();
}

for (const [code, snippet] of [
  ['INVALID_CLIENT_KEY', `TossPayments('nobody').widgets({ customerKey });`],
  ['INVALID_CUSTOMER_KEY', `TossPayments(GCK).widgets({ customerKey: 'a b' });`],
  ['INVALID_CUSTOMER_KEY', `TossPayments(CK).payment({ customerKey: 'a'.repeat(51) });`],
  ['INSECURE_KEY_USAGE', `TossPayments(GCK).widgets({ customerKey: 'test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6' });`],
  ['NOT_SUPPORTED_API_INDIVIDUAL_KEY', `TossPayments(CK).widgets({ customerKey });`],
  ['NOT_SUPPORTED_WIDGET_KEY', `TossPayments(GCK).payment({ customerKey });`],
  ['NOT_SUPPORTED_WIDGET_KEY', `TossPayments(GCK).brandpay({ customerKey });`],
  ['V1_METHOD_NOT_SUPPORTED', `TossPayments(CK).requestPayment('카드', {});`],
  ['INVALID_PARAMETERS', `TossPayments(GCK).widgets({});`],
  ['INVALID_PARAMETERS', `${WIDGETS} await widgets.setAmount(45000);`],
  ['INVALID_AMOUNT_VALUE', `${WIDGETS} await widgets.setAmount({ value: '45000', currency: 'KRW' });`],
  ['INVALID_AMOUNT_VALUE', `${WIDGETS} await widgets.setAmount({ value: -1, currency: 'KRW' });`],
  ['INVALID_AMOUNT_CURRENCY', `${WIDGETS} await widgets.setAmount({ value: 45000, currency: 'EUR' });`],
  ['NOT_SETUP_AMOUNT', `${WIDGETS} await widgets.renderPaymentMethods({ selector: methods });`],
  ['NOT_SETUP_AMOUNT', `${WIDGETS} await widgets.renderPaymentWindow();`],
  ['INVALID_SELECTOR', `${AMOUNT} await widgets.renderPaymentMethods({ selector: '#nowhere' });`],
  ['INVALID_VARIANT_KEY', `${AMOUNT} await widgets.renderPaymentMethods({ selector: methods, variantKey: 'SANDBOX_NOBODY' });`],
  ['PAYMENT_METHODS_WIDGET_ALREADY_RENDERED', `${DRAWN} await widgets.renderPaymentMethods({ selector: methods });`],
  ['AGREEMENT_WIDGET_ALREADY_RENDERED', `${DRAWN} ${AGREEMENT} await widgets.renderAgreement({ selector: agreement });`],
  ['PAYMENT_WINDOW_ALREADY_RENDERED', `${AMOUNT} await widgets.renderPaymentWindow(); await widgets.renderPaymentWindow();`],
  ['INVALID_PARAMETER', `${DRAWN} drawn.on('ready', () => {});`],
  ['INVALID_PARAMETER', `${DRAWN} ${AGREEMENT} terms.on('agreementStatusChange', 7);`],
  ['INVALID_METHOD_TRANSACTION', `${AMOUNT} const render = () => widgets.renderPaymentMethods({ selector: methods }); await Promise.all([render(), render()]);`],
  ['INVALID_PARAMETERS', `${DRAWN} await widgets.requestPayment({ ...order, amount });`],
  ['INVALID_PARAMETERS', `${DRAWN} await widgets.requestPayment({ ...order, orderId: 'short' });`],
  ['INVALID_PARAMETERS', `${DRAWN} await widgets.requestPayment({ ...order, customerMobilePhone: '010-1234-5678' });`],
  ['INVALID_PARAMETERS', `${DRAWN} await widgets.requestPayment({ ...order, successUrl: urls.successUrl });`],
  ['INVALID_METADATA', `${DRAWN} await widgets.requestPayment({ ...order, metadata: { 'a[0]': 'x' } });`],
  ['INCORRECT_SUCCESS_URL_FORMAT', `${DRAWN} await widgets.requestPayment({ ...order, ...urls, successUrl: '/success' });`],
  ['INCORRECT_FAIL_URL_FORMAT', `${DRAWN} await widgets.requestPayment({ ...order, ...urls, failUrl: '/fail' });`],
  ['NEED_AGREEMENT_WITH_REQUIRED_TERMS', `${DRAWN} ${AGREEMENT} await widgets.requestPayment(order);`],
  ['NOT_SELECTED_PAYMENT_METHOD', `window.variant = 'SANDBOX_UNSELECTED'; ${DRAWN} await widgets.requestPayment(order);`],
  ['NEED_CARD_PAYMENT_DETAIL', `${DRAWN} ${inMethods('#company')}.value = ''; await widgets.requestPayment(order);`],
  ['NEED_REFUND_ACCOUNT_DETAIL', `window.variant = 'SANDBOX_REFUND_ACCOUNT'; ${DRAWN} ${inMethods('[value=VIRTUAL_ACCOUNT]')}.click(); await widgets.requestPayment(order);`],
  ['UNSUPPORTED_TEST_PHASE_PAYMENT_METHOD', `${DRAWN} ${inMethods('[value=PAYCO]')}.click(); await widgets.requestPayment(order);`],
  ['CUSTOM_PAYMENT_METHOD_UNABLE_TO_PAY', `window.variant = 'SANDBOX_CUSTOM'; ${DRAWN} ${inMethods('[value=SANDBOX_PAY]')}.click(); await widgets.requestPayment(order);`],
  ['NOT_SUPPORTED_PROMISE', `${DRAWN} await widgets.requestPayment({ ...order, windowTarget: 'self' });`],
  ['NOT_SUPPORTED_METHOD', `${PAYMENT} await payment.requestPayment({ method: 'TELEPATHY', amount, ...order });`],
  ['NOT_SUPPORTED_METHOD', `${PAYMENT} await payment.requestPayment({ ${PAYPAL}, ...urls, foreignEasyPay: { provider: 'ALIPAY', country: 'US' } });`],
  ['NOT_SUPPORTED_PROMISE', `${PAYMENT} await payment.requestPayment({ ${PAYPAL} });`],
  ['INVALID_AMOUNT_CURRENCY', `${PAYMENT} await payment.requestPayment({ ${PAYPAL}, ...urls, amount });`],
  ['INVALID_AMOUNT_CURRENCY', `${PAYMENT} await payment.requestPayment({ ${CARD}, ...urls, amount: { value: 10, currency: 'USD' } });`],
  ['INVALID_AMOUNT_VALUE', `${PAYMENT} await payment.requestPayment({ ${PAYPAL}, ...urls, amount: { value: 726.245, currency: 'USD' } });`],
  ['INVALID_PARAMETERS', `${PAYMENT} await payment.requestPayment({ ${PAYPAL}, ...urls, foreignEasyPay: { provider: 'PAYPAL' } });`],
  ['INVALID_PARAMETERS', `${PAYMENT} await payment.requestPayment({ method: 'FOREIGN_EASY_PAY', amount: { value: 1, currency: 'USD' }, ...order, ...urls });`],
  ['INVALID_AMOUNT_CURRENCY', `${DRAWN} await widgets.setAmount({ value: 10, currency: 'USD' });`],
  ['INVALID_AMOUNT_VALUE', `${WIDGETS} await widgets.setAmount({ value: 0.001, currency: 'USD' });`],
  ['BELOW_ZERO_AMOUNT', `${PAYMENT} await payment.requestPayment({ ${CARD}, amount: { value: -1, currency: 'KRW' } });`],
  ['INVALID_PARAMETERS', `${PAYMENT} await payment.requestPayment({ ${CARD}, virtualAccount: { validHours: 1 } });`],
  ['NO_ACTIVE_PAYMENT_REQUEST', `${PAYMENT} await payment.destroy();`],
  ['NOT_REGISTERED_REDIRECT_URL', `await TossPayments(CK).brandpay({ customerKey }).openSettings();`],
  ['NEED_AGREEMENT_WITH_TERMS', `${BRANDPAY} await brandpay.isOneTouchPayEnabled();`],
] as const) {
  test(`${code}: ${title(snippet)}`, async ({ bare }) => {
    expect(await bare.code(snippet)).toBe(code);
  });
}

test('both renders may run at the same time, and again after they were destroyed', async ({ bare }) => {
  const drawn = await bare.run<number>(`${AMOUNT}
    const both = () => Promise.all([widgets.renderPaymentMethods({ selector: methods }), widgets.renderAgreement({ selector: agreement })]);
    for (const it of await both()) await it.destroy();
    await both();
    return document.querySelectorAll('#methods > *, #agreement > *').length;`);
  expect(drawn).toBe(2);
});

test('an older loader hears that the global is there', async ({ bare }) => {
  await bare.open('/bare');
  const heard = await bare.run<string>(`return new Promise((resolve) => {
    window.addEventListener('TossPayments:initialize:TossPayments', () => resolve(typeof window.TossPayments), { once: true });
    document.head.append(Object.assign(document.createElement('script'), { src: '${SANDBOX_URL}/v2/standard' }));
  });`);
  expect(heard).toBe('function');
});

test('every call is asynchronous', async ({ bare }) => {
  const order = await bare.run<string[]>(`${AMOUNT} const heard = [];
    const done = widgets.setAmount({ value: 44000, currency: 'KRW' }).then(() => heard.push('set'));
    heard.push('called'); await done; return heard;`);
  expect(order).toEqual(['called', 'set']);
});

test('a chosen method and the agreement are told', async ({ bare, page }) => {
  await bare.run(`${DRAWN} ${AGREEMENT} window.heard = [];
    drawn.on('paymentMethodSelect', (it) => heard.push(it));
    await new Promise((told) => terms.on('agreementStatusChange', (it) => { heard.push(it); told(); }));`);
  await page.getByText('토스페이', { exact: true }).click();
  await bare.requiredTerm.check();
  const term = (required: boolean, agreed: boolean) => ({ term: { id: expect.any(String), required }, agreed });
  expect(await bare.run(`return heard;`)).toEqual([
    { agreedRequiredTerms: false, agreements: [term(true, false), term(false, false)] },
    { code: 'TOSSPAY' },
    { agreedRequiredTerms: true, agreements: [term(true, true), term(false, false)] },
  ]);
});

test('the last amount is the one that is paid, without drawing again', async ({ bare, page }) => {
  await bare.start(`${DRAWN} await widgets.setAmount({ value: 40000, currency: 'KRW' }); return widgets.requestPayment({ ...order, ...urls });`);
  await bare.window.getByRole('button', { name: '결제 승인' }).click();
  expect(await bare.cameTo('/success')).toEqual({
    cart: '7', paymentType: 'NORMAL', orderId: expect.stringMatching(/^order-/), paymentKey: expect.any(String), amount: '40000',
  });
  await expect(page.locator('iframe')).toHaveCount(0);
});

test('promise mode of the widgets answers with the payment, its amount an object', async ({ bare }) => {
  await bare.start(`${DRAWN} return widgets.requestPayment(order);`);
  await bare.window.getByRole('button', { name: '결제 승인' }).click();
  expect(await bare.settled()).toEqual({
    value: { paymentType: 'NORMAL', paymentKey: expect.any(String), orderId: expect.stringMatching(/^order-/), amount: { value: 45_000, currency: 'KRW' } },
  });
});

test('a window that is closed is USER_CANCEL', async ({ bare, page }) => {
  await bare.start(`${DRAWN} return widgets.requestPayment(order);`);
  await page.getByRole('button', { name: '닫기' }).click();
  expect(await bare.settled()).toEqual({ code: 'USER_CANCEL' });
});

test('the success query of the payment window has no paymentType', async ({ bare }) => {
  await bare.start(`${PAYMENT} return payment.requestPayment({ ${CARD}, ...urls });`);
  await bare.window.getByRole('button', { name: '결제 승인' }).click();
  expect(Object.keys(await bare.cameTo('/success')).sort()).toEqual(['amount', 'cart', 'orderId', 'paymentKey']);
});

test('destroy ends the call that waits with PAYMENT_REQUEST_ABORTED', async ({ bare, page }) => {
  await bare.start(`${PAYMENT} window.payment = payment; return payment.requestPayment({ ${CARD} });`);
  await expect(page.locator('iframe')).toHaveCount(1);
  await bare.run(`await payment.destroy();`);
  expect(await bare.settled()).toEqual({ code: 'PAYMENT_REQUEST_ABORTED' });
  await expect(page.locator('iframe')).toHaveCount(0);
});

test('the agreement to be billed leads to the success URL with customerKey and authKey', async ({ bare, page }) => {
  await bare.start(`const payment = TossPayments(CK).payment({ customerKey: 'customer-1' });
    return payment.requestBillingAuth({ method: 'CARD', ...urls, windowTarget: 'self' });`);
  await page.getByRole('button', { name: /등록|동의|승인/ }).first().click();
  expect(await bare.cameTo('/success')).toEqual({ cart: '7', customerKey: 'customer-1', authKey: expect.any(String) });
});

test('a window with the widgets tells that it is paid in, and that it is closed', async ({ bare, page }) => {
  await bare.run(`${AMOUNT} const shown = await widgets.renderPaymentWindow(); window.heard = [];
    shown.on('paymentRequest', async ({ paymentMethod }) => { heard.push(paymentMethod); });
    shown.on('cancel', async () => { heard.push('cancel'); });`);
  await bare.requiredTerm.check();
  await page.getByRole('button', { name: '45,000원 결제하기' }).click();
  await page.getByRole('button', { name: '닫기' }).click();
  expect(await bare.run(`return heard;`)).toEqual([{ code: 'CARD' }, 'cancel']);
});

test('sandbox.paymentResult goes past the window', async ({ bare }) => {
  await bare.start(`${DRAWN} return widgets.requestPayment({ ...order, ...urls, sandbox: { paymentResult: 'SUCCESS' } });`);
  expect(await bare.cameTo('/success')).toMatchObject({ paymentType: 'NORMAL', amount: '45000' });
  await bare.open();
  await bare.start(`${DRAWN} return widgets.requestPayment({ ...order, ...urls, sandbox: { paymentResult: 'FAIL' } });`);
  expect(await bare.cameTo('/fail')).toMatchObject({ code: 'REJECT_CARD_COMPANY' });
});

test('UNKNOWN: a copy of the script that is not served from Toss', async ({ bare, page, request }) => {
  const text = await (await request.get(`${SANDBOX_URL}/v2/standard`)).text();
  await bare.open('/bare');
  await page.addScriptTag({ content: text });
  expect(await bare.code(`TossPayments(GCK).widgets({ customerKey });`)).toBe('UNKNOWN');
});

test.describe('on a phone', () => {
  test.use({ userAgent: 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36' });

  test('neither promise mode nor a frame is there', async ({ bare, page }) => {
    expect(await bare.code(`${DRAWN} await widgets.requestPayment(order);`)).toBe('NOT_SUPPORTED_PROMISE');
    await bare.open();
    expect(await bare.code(`${DRAWN} await widgets.requestPayment({ ...order, ...urls, windowTarget: 'iframe' });`)).toBe('INVALID_PARAMETERS');
    await bare.open();
    await bare.start(`${DRAWN} return widgets.requestPayment({ ...order, ...urls });`);
    await page.getByRole('button', { name: '결제 승인' }).click();
    expect(await bare.cameTo('/success')).toMatchObject({ amount: '45000' });
  });
});
