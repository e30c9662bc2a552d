// What SDK v1 of the sandbox does with right and wrong calls: members, codes, events, both modes. Types are checked by tsc.
import { expect, sdkTest } from '../fixtures/bare-shop.js';
import { SANDBOX_URL } from '../fixtures/sandbox.js';

const test = sdkTest('v1');

/** Draws the payment methods and waits for them. */
const READY = `
  const widget = PaymentWidget(GCK, customerKey);
  const drawn = widget.renderPaymentMethods(methods, 45000, { variantKey: window.variant ?? 'DEFAULT' });
  await new Promise((resolve) => drawn.on('ready', resolve));
`;
const AGREEMENT = `const terms = widget.renderAgreement(agreement, { variantKey: 'AGREEMENT' });`;

test('the members are there and answer at once', async ({ bare }) => {
  const members = await bare.run<unknown>(`
    const widget = PaymentWidget(GCK, PaymentWidget.ANONYMOUS, { brandpay: { redirectUrl: urls.successUrl } });
    const drawn = widget.renderPaymentMethods(methods, { value: 45000, currency: 'KRW', country: 'KR' });
    const terms = widget.renderAgreement(agreement);
    return {
      anonymous: PaymentWidget.ANONYMOUS, version: typeof PaymentWidget.version, hash: typeof PaymentWidget.__versionHash__,
      widget: Object.keys(widget).sort(), drawn: Object.keys(drawn).sort(), terms: Object.keys(terms).sort(),
      reasons: Object.keys(drawn.UPDATE_REASON).sort(), updated: drawn.updateAmount(44000, drawn.UPDATE_REASON.COUPON) === undefined,
      selected: drawn.getSelectedPaymentMethod(), status: terms.getAgreementStatus(),
    };`);
  const term = { agreed: false, content: expect.any(String), id: expect.any(String), title: expect.any(String) };
  expect(members).toEqual({
    anonymous: '@@ANONYMOUS', version: 'string', hash: 'string',
    widget: ['renderAgreement', 'renderPaymentMethods', 'requestPayment'],
    drawn: ['UPDATE_REASON', 'getSelectedPaymentMethod', 'on', 'updateAmount'],
    terms: ['getAgreementStatus', 'on'],
    reasons: ['COUPON', 'POINT'], updated: true,
    selected: { type: 'NORMAL', method: '카드' },
    status: { agreedRequiredTerms: false, terms: [{ ...term, required: true }, { ...term, required: false }] },
  });
});

test('an older loader hears that the global is there', async ({ bare }) => {
  await bare.open('/bare');
  const heard = await bare.run<string>(`return new Promise((resolve) => {
    window.addEventListener('TossPayments:initialize:PaymentWidget', () => resolve(typeof window.PaymentWidget), { once: true });
    document.head.append(Object.assign(document.createElement('script'), { src: '${SANDBOX_URL}/v1/payment-widget' }));
  });`);
  expect(heard).toBe('function');
});

for (const [code, snippet] of [
  ['INVALID_CLIENT_KEY', `PaymentWidget('nobody', customerKey);`],
  ['INVALID_CUSTOMER_KEY', `PaymentWidget(GCK, 'a b');`],
  ['INVALID_CUSTOMER_KEY', `PaymentWidget(GCK, 'a'.repeat(51));`],
  ['NOT_REGISTERED_PAYMENT_WIDGET', `PaymentWidget(CK, customerKey).renderPaymentMethods(methods, 45000);`],
  ['UNAUTHORIZED_KEY', `PaymentWidget('test_gck_nobody', customerKey).renderPaymentMethods(methods, 45000);`],
  ['INVALID_SELECTOR', `PaymentWidget(GCK, customerKey).renderPaymentMethods('#nowhere', 45000);`],
  ['INVALID_SELECTOR', `PaymentWidget(GCK, customerKey).renderAgreement(7);`],
  ['INVALID_VARIANT_KEY', `PaymentWidget(GCK, customerKey).renderPaymentMethods(methods, 45000, { variantKey: 'SANDBOX_NOBODY' });`],
  ['INVALID_PARAMETER', `PaymentWidget(GCK, customerKey).renderPaymentMethods(methods, '45000');`],
  ['INVALID_PARAMETER', `PaymentWidget(GCK, customerKey).renderPaymentMethods(methods, 45000).updateAmount(-1);`],
  ['INVALID_PARAMETER', `PaymentWidget(GCK, customerKey).renderPaymentMethods(methods, 45000).on('nobody', () => {});`],
  ['INVALID_PARAMETER', `PaymentWidget(GCK, customerKey).renderPaymentMethods(methods, 45000).on('ready', 7);`],
  ['UNKNOWN_ERROR', `await PaymentWidget(GCK, customerKey).requestPayment(order);`],
  ['INVALID_PARAMETER', `${READY} await widget.requestPayment({ orderName: 'x' });`],
  ['INVALID_PARAMETER', `${READY} await widget.requestPayment({ ...order, orderId: 'short' });`],
  ['INVALID_PARAMETER', `${READY} await widget.requestPayment({ ...order, orderName: 'x'.repeat(101) });`],
  ['INVALID_PARAMETER', `${READY} await widget.requestPayment({ ...order, customerMobilePhone: '010-1234-5678' });`],
  ['INVALID_PARAMETER', `${READY} await widget.requestPayment({ ...order, amount: 45000 });`],
  ['INVALID_PARAMETER', `${READY} await widget.requestPayment({ ...order, successUrl: urls.successUrl });`],
  ['INVALID_PARAMETER', `${READY} await widget.requestPayment({ ...order, ...urls, failUrl: '/fail' });`],
  ['INVALID_PARAMETER', `${READY} await widget.requestPayment({ ...order, metadata: { 'a[0]': 'x' } });`],
  ['NEED_AGREEMENT_WITH_REQUIRED_TERMS', `${READY} ${AGREEMENT} await widget.requestPayment(order);`],
  ['NEED_REFUND_ACCOUNT_DETAIL', `window.variant = 'SANDBOX_REFUND_ACCOUNT'; ${READY}
    document.querySelector(methods).firstChild.shadowRoot.querySelector('[value=VIRTUAL_ACCOUNT]').click(); await widget.requestPayment(order);`],
  ['NEED_CARD_PAYMENT_DETAIL', `${READY}
    document.querySelector(methods).firstChild.shadowRoot.querySelector('#company').value = ''; await widget.requestPayment(order);`],
] as const) {
  test(`${code}: ${snippet.replaceAll(READY, '').replace(/\s+/g, ' ').trim()}`, async ({ bare }) => {
    expect(await bare.code(snippet)).toBe(code);
  });
}

test('every field of a request is taken', async ({ bare }) => {
  await bare.start(`${READY} return widget.requestPayment({
    ...order, customerEmail: 'a@b.kr', customerName: '김토스', customerMobilePhone: '01012345678', showCustomerMobilePhone: true,
    mobileCarrier: ['KT', 'SKT'], appScheme: 'shop://', taxFreeAmount: 1000, taxExemptionAmount: 0, cultureExpense: false, useEscrow: false,
    escrowProducts: [{ id: '1', code: 'c', name: '티셔츠', unitPrice: 45000, quantity: 1 }],
    products: [{ name: 'shirt', quantity: 1, unitAmount: 45000, currency: 'KRW', description: 'a shirt' }],
    shipping: { fullName: 'Kim', address: { country: 'KR', area2: 'Seoul' } }, metadata: { memo: '안녕' }, useInternationalCardOnly: false,
  });`);
  await expect(bare.window.getByRole('button', { name: '결제 승인' })).toBeVisible();
});

test('ready comes once, after the drawing', async ({ bare }) => {
  const heard = await bare.run<string[]>(`
    const heard = [];
    const drawn = PaymentWidget(GCK, customerKey).renderPaymentMethods(methods, 45000);
    drawn.on('ready', () => heard.push('ready'));
    heard.push('drawn');
    const other = PaymentWidget(GCK, customerKey).renderPaymentMethods(agreement, 45000);
    // Drawn later, ready later: by then a second one would have come.
    await new Promise((resolve) => other.on('ready', resolve));
    return heard;`);
  expect(heard).toEqual(['drawn', 'ready']);
});

test('the agreement tells its changes', async ({ bare }) => {
  await bare.run(`${READY} ${AGREEMENT} window.heard = []; terms.on('change', (status) => heard.push(status.agreedRequiredTerms));`);
  await bare.requiredTerm.check();
  await bare.requiredTerm.uncheck();
  expect(await bare.run(`return heard;`)).toEqual([true, false]);
});

test('a method that the shop handles itself is told by its events', async ({ bare, page }) => {
  await bare.run(`window.variant = 'SANDBOX_CUSTOM'; ${READY} window.widget = widget; window.heard = [];
    for (const name of ['customRequest', 'customPaymentMethodSelect', 'customPaymentMethodUnselect']) drawn.on(name, (key) => heard.push([name, key]));`);
  await page.getByText('상점 직접 결제').click();
  await bare.run(`await widget.requestPayment(order);`);
  await page.getByText('카드', { exact: true }).click();
  expect(await bare.run(`return heard;`)).toEqual([
    ['customPaymentMethodSelect', 'SANDBOX_PAY'], ['customRequest', 'SANDBOX_PAY'], ['customPaymentMethodUnselect', 'SANDBOX_PAY'],
  ]);
});

test('promise mode answers with the payment, its amount a number', async ({ bare }) => {
  await bare.start(`${READY} return widget.requestPayment(order);`);
  await bare.window.getByRole('button', { name: '결제 승인' }).click();
  expect(await bare.settled()).toEqual({
    value: { paymentType: 'NORMAL', paymentKey: expect.any(String), orderId: expect.stringMatching(/^order-/), amount: 45_000 },
  });
});

test('promise mode: a window that is closed is USER_CANCEL', async ({ bare, page }) => {
  await bare.start(`${READY} return widget.requestPayment(order);`);
  await page.getByRole('button', { name: '닫기' }).click();
  expect(await bare.settled()).toEqual({ code: 'USER_CANCEL' });
});

test('redirect mode leads to the success URL and keeps its query', async ({ bare, page }) => {
  await bare.start(`${READY} return widget.requestPayment({ ...order, ...urls });`);
  await page.getByRole('button', { name: '결제 승인' }).click();
  expect(await bare.cameTo('/success')).toEqual({
    cart: '7', paymentType: 'NORMAL', orderId: expect.stringMatching(/^order-/), paymentKey: expect.any(String), amount: '45000',
  });
});

test('redirect mode: a window that is cancelled leads to the fail URL without an order', async ({ bare, page }) => {
  await bare.start(`${READY} return widget.requestPayment({ ...order, ...urls });`);
  await page.getByRole('button', { name: '결제 취소' }).click();
  expect(await bare.cameTo('/fail')).toEqual({ cart: '7', code: 'PAY_PROCESS_CANCELED', message: expect.stringMatching(/[가-힣]/) });
});

test('_skipAuth goes past the window', async ({ bare }) => {
  await bare.start(`${READY} return widget.requestPayment({ ...order, ...urls, _skipAuth: 'FORCE_SUCCESS' });`);
  expect(await bare.cameTo('/success')).toMatchObject({ paymentType: 'NORMAL', amount: '45000' });
  await bare.open();
  await bare.start(`${READY} return widget.requestPayment({ ...order, ...urls, _skipAuth: 'FORCE_FAIL' });`);
  expect(await bare.cameTo('/fail')).toMatchObject({ code: 'REJECT_CARD_COMPANY' });
});

test('NETWORK_ERROR: the sandbox cannot be reached', async ({ bare, page }) => {
  await page.route('**/sandbox/window/**', (route) => route.abort());
  expect(await bare.code(`${READY} await widget.requestPayment(order);`)).toBe('NETWORK_ERROR');
});

test('FORBIDDEN_SCRIPT: a copy of the script that is not served from Toss', async ({ bare, page, request }) => {
  const text = await (await request.get(`${SANDBOX_URL}/v1/payment-widget`)).text();
  await bare.open('/bare');
  await page.addScriptTag({ content: text });
  expect(await bare.code(`PaymentWidget(GCK, customerKey);`)).toBe('FORBIDDEN_SCRIPT');
});

test.describe('on a phone', () => {
  test.use({ userAgent: 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36' });

  test('promise mode is not there', async ({ bare }) => {
    expect(await bare.code(`${READY} await widget.requestPayment(order);`)).toBe('NOT_SUPPORTED_PROMISE');
  });
});
