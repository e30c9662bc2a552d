// Toss's own npm loaders, pointed at the sandbox by `src`, take a shopper through a payment that the core API then confirms.
import { API_KEYS, callApi, confirm, expect, type Merchant, newOrderId, paymentWindow, test, WIDGET_KEYS } from '../fixtures/merchant.js';

const urlsOf = ({ successUrl, failUrl }: Merchant) => `successUrl: '${successUrl}?cart=7', failUrl: '${failUrl}'`;
const approve = { name: '결제 승인', exact: true } as const;

const v1 = (orderId: string, urls: string) => `
  const widget = await toss.loadPaymentWidget('${WIDGET_KEYS.client}', '@@ANONYMOUS', undefined, { src });
  const methods = widget.renderPaymentMethods('#methods', 30000, { variantKey: 'DEFAULT' });
  widget.renderAgreement('#agreement', { variantKey: 'AGREEMENT' });
  await new Promise((resolve) => methods.on('ready', resolve));
  methods.updateAmount(25000, methods.UPDATE_REASON.COUPON);
  window.pay = () => widget.requestPayment({ orderId: '${orderId}', orderName: '토스 티셔츠', ${urls} })`;

const v2Widgets = (orderId: string, fields: string) => `
  const widgets = (await toss.loadTossPayments('${WIDGET_KEYS.client}', { src })).widgets({ customerKey: toss.ANONYMOUS });
  await widgets.setAmount({ value: 30000, currency: 'KRW' });
  const [methods] = await Promise.all([
    widgets.renderPaymentMethods({ selector: '#methods' }), widgets.renderAgreement({ selector: '#agreement' })]);
  await widgets.setAmount({ value: 25000, currency: 'KRW' });
  window.methods = methods;
  window.pay = () => widgets.requestPayment({ orderId: '${orderId}', orderName: '토스 티셔츠', ${fields} })`;

const v2Payment = (call: string) => `
  window.payment = (await toss.loadTossPayments('${API_KEYS.client}', { src })).payment({ customerKey: 'customer-1' });
  window.pay = () => window.payment.${call}`;

const pay = 'window.pay().then((result) => { window.result = result; }, (error) => { window.result = error.code; }); undefined';

test('SDK v1: the widget, by redirect', async ({ page, merchant }) => {
  const orderId = newOrderId();
  await merchant.open('payment-widget-sdk', v1(orderId, urlsOf(merchant)));
  await page.getByRole('checkbox', { name: /^\[필수\]/ }).check();
  await page.evaluate(pay);
  await (await paymentWindow(page, false)).getByRole('button', approve).click();
  const back = await merchant.cameBack(merchant.successUrl);
  expect(back).toMatchObject({ cart: '7', paymentType: 'NORMAL', orderId, amount: '25000' });
  const { status, json } = await confirm(WIDGET_KEYS.secret, back);
  expect([status, json.status, json.method, json.totalAmount]).toEqual([200, 'DONE', '카드', 25000]);
});

test('SDK v2: the widgets, by redirect, with a virtual account', async ({ page, merchant }) => {
  const orderId = newOrderId();
  await merchant.open('tosspayments-sdk', v2Widgets(orderId, urlsOf(merchant)));
  await page.getByRole('radio', { name: '가상계좌' }).check();
  expect(await page.evaluate('window.methods.getSelectedPaymentMethod()')).toEqual({ code: 'VIRTUAL_ACCOUNT' });
  await page.getByLabel('입금은행').selectOption('신한은행');
  await page.getByRole('checkbox', { name: /^\[필수\]/ }).check();
  await page.evaluate(pay);
  await (await paymentWindow(page, true)).getByRole('button', approve).click();
  const back = await merchant.cameBack(merchant.successUrl);
  expect(back).toMatchObject({ cart: '7', paymentType: 'NORMAL', orderId, amount: '25000' });
  const { status, json } = await confirm(WIDGET_KEYS.secret, back);
  expect([status, json.status, json.virtualAccount?.bankCode]).toEqual([200, 'WAITING_FOR_DEPOSIT', '88']);
});

test('SDK v2: the widgets, by promise', async ({ page, merchant }) => {
  const orderId = newOrderId();
  await merchant.open('tosspayments-sdk', v2Widgets(orderId, ''));
  await page.getByRole('radio', { name: '토스페이' }).check();
  await page.getByRole('checkbox', { name: /^\[필수\]/ }).check();
  await page.evaluate(pay);
  await (await paymentWindow(page, true)).getByRole('button', approve).click();
  await page.waitForFunction('window.result !== undefined');
  const result = (await page.evaluate('window.result')) as Record<string, any>;
  expect(result).toEqual({ paymentType: 'NORMAL', orderId, paymentKey: expect.any(String), amount: { value: 25000, currency: 'KRW' } });
  const { json } = await confirm(WIDGET_KEYS.secret, { ...result, amount: String(result.amount.value) } as never);
  expect([json.status, json.easyPay?.provider]).toEqual(['DONE', '토스페이']);
});

for (const [method, own, word] of [
  ['CARD', '', '카드'],
  ['TRANSFER', '', '계좌이체'],
  ['MOBILE_PHONE', "mobilePhone: { mobileCarriers: ['KT'] },", '휴대폰'],
  ['CULTURE_GIFT_CERTIFICATE', '', '문화상품권'],
] as const) {
  test(`SDK v2: the payment window, by ${method}`, async ({ page, merchant }) => {
    const orderId = newOrderId();
    const call = `requestPayment({ method: '${method}', amount: { value: 12000, currency: 'KRW' }, orderId: '${orderId}', orderName: '책', ${own} ${urlsOf(merchant)} })`;
    await merchant.open('tosspayments-sdk', v2Payment(call));
    await page.evaluate(pay);
    const frame = await paymentWindow(page, true);
    if (method === 'MOBILE_PHONE') await expect(frame.getByLabel('통신사').getByRole('option')).toHaveText(['KT']);
    await frame.getByRole('button', approve).click();
    const back = await merchant.cameBack(merchant.successUrl);
    expect(back).toEqual({ cart: '7', orderId, paymentKey: expect.any(String), amount: '12000' });
    const { json } = await confirm(API_KEYS.secret, back);
    expect([json.status, json.method]).toEqual(['DONE', word]);
  });
}

test('SDK v2: an agreement to be charged again becomes a billing key that charges', async ({ page, merchant }) => {
  const call = `requestBillingAuth({ method: 'CARD', customerName: '김토스', successUrl: '${merchant.successUrl}', failUrl: '${merchant.failUrl}' })`;
  await merchant.open('tosspayments-sdk', v2Payment(call));
  await page.evaluate(pay);
  await (await paymentWindow(page, true)).getByRole('button', { name: '등록 동의' }).click();
  const { customerKey, authKey, ...rest } = await merchant.cameBack(merchant.successUrl);
  expect([customerKey, rest]).toEqual(['customer-1', {}]);
  const issued = await callApi('/v1/billing/authorizations/issue', API_KEYS.secret, { customerKey, authKey });
  expect(issued.status).toBe(200);
  const order = { customerKey, amount: 9900, orderId: newOrderId(), orderName: '이달의 구독' };
  const charged = await callApi(`/v1/billing/${issued.json.billingKey}`, API_KEYS.secret, order);
  expect([charged.status, charged.json.status, charged.json.type]).toEqual([200, 'DONE', 'BILLING']);
  expect((await callApi('/v1/billing/authorizations/issue', API_KEYS.secret, { customerKey, authKey })).status).not.toBe(200);
});

for (const [result, to, expected] of [
  ['SUCCESS', 'successUrl', { amount: '12000' }],
  ['FAIL', 'failUrl', { code: 'REJECT_CARD_COMPANY' }],
] as const) {
  test(`SDK v2: sandbox.paymentResult ${result} needs no shopper`, async ({ page, merchant }) => {
    const orderId = newOrderId();
    const call = `requestPayment({ method: 'CARD', amount: { value: 12000, currency: 'KRW' }, orderId: '${orderId}', orderName: '책', sandbox: { paymentResult: '${result}' }, ${urlsOf(merchant)} })`;
    await merchant.open('tosspayments-sdk', v2Payment(call));
    await page.evaluate(pay);
    expect(await merchant.cameBack(merchant[to])).toMatchObject({ orderId, ...expected });
  });
}

test('SDK v2: the payment window, by PayPal in USD', async ({ page, merchant }) => {
  const orderId = newOrderId();
  const call = `requestPayment({ method: 'FOREIGN_EASY_PAY', amount: { value: 726.24, currency: 'USD' }, orderId: '${orderId}', orderName: 'Kiaf', foreignEasyPay: { provider: 'PAYPAL', country: 'US' }, ${urlsOf(merchant)} })`;
  await merchant.open('tosspayments-sdk', v2Payment(call));
  await page.evaluate(pay);
  const frame = await paymentWindow(page, true);
  await expect(frame.getByText('726.24 USD')).toBeVisible();
  await frame.getByRole('button', approve).click();
  const back = await merchant.cameBack(merchant.successUrl);
  expect(back).toEqual({ cart: '7', orderId, paymentKey: expect.any(String), amount: '726.24' });
  const { status, json } = await confirm(API_KEYS.secret, back);
  expect([status, json.status, json.method, json.currency, json.totalAmount]).toEqual([200, 'DONE', '해외간편결제', 'USD', 726.24]);
});

test('SDK v2: the widgets in USD offer PayPal, by redirect', async ({ page, merchant }) => {
  const orderId = newOrderId();
  const inDollars = v2Widgets(orderId, `foreignEasyPay: { country: 'US' }, ${urlsOf(merchant)}`).replaceAll("currency: 'KRW'", "currency: 'USD'").replaceAll('25000', '10.5');
  await merchant.open('tosspayments-sdk', inDollars);
  await expect(page.getByRole('radio')).toHaveCount(1);
  expect(await page.evaluate('window.methods.getSelectedPaymentMethod()')).toEqual({ code: 'PAYPAL' });
  await page.getByRole('checkbox', { name: /^\[필수\]/ }).check();
  await page.evaluate(pay);
  await (await paymentWindow(page, true)).getByRole('button', approve).click();
  const back = await merchant.cameBack(merchant.successUrl);
  expect(back).toMatchObject({ paymentType: 'NORMAL', orderId, amount: '10.5' });
  const { json } = await confirm(WIDGET_KEYS.secret, back);
  expect([json.status, json.currency, json.balanceAmount]).toEqual(['DONE', 'USD', 10.5]);
});

test('SDK v2: closing the window leads to the fail URL, or rejects the promise', async ({ page, merchant }) => {
  await merchant.open('tosspayments-sdk', v2Widgets(newOrderId(), urlsOf(merchant)));
  await page.getByRole('checkbox', { name: /^\[필수\]/ }).check();
  await page.evaluate(pay);
  await paymentWindow(page, true);
  await page.getByRole('button', { name: '닫기' }).click();
  const back = await merchant.cameBack(merchant.failUrl);
  expect(back.code).toBe('PAY_PROCESS_CANCELED');
  expect(back.orderId, 'a cancel names no order').toBeUndefined();
});
