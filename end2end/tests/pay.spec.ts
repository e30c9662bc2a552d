// The way of the money: what the page says, what the sandbox charges and what the receipt shows are one amount.
import { expect, test } from '../fixtures/shop.js';

test('a shopper pays', async ({ shop, sandbox, page }) => {
  await shop.open();
  await expect(shop.total).toHaveText('50,000원');
  await expect(shop.payButton).toHaveText('50,000원 결제하기');
  await expect(shop.payButton).toBeDisabled();
  await shop.agree();
  const orderId = await shop.pay();
  expect(orderId).toMatch(/^[A-Za-z0-9_-]{21}$/);
  await expect(shop.window.getByText('50,000원').first()).toBeVisible();
  await shop.approve();

  await expect(page.getByRole('heading', { name: '결제를 완료했어요' })).toBeVisible();
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(`/orders/${orderId}`);
  await expect(shop.fact('결제 금액')).toHaveText('50,000원');
  await expect(shop.fact('주문번호')).toHaveText(orderId);
  await expect(shop.fact('주문 상품')).toHaveText('토스 티셔츠 외 2건');
  expect(await sandbox.charges(orderId)).toEqual([50_000]);
});

test('a shopper pays with the coupon', async ({ shop, sandbox }) => {
  await shop.open();
  await shop.coupon.check();
  await expect(shop.total).toHaveText('45,000원');
  await expect(shop.payButton).toHaveText('45,000원 결제하기');
  await shop.agree();
  const orderId = await shop.pay();
  await shop.approve();
  await expect(shop.fact('결제 금액')).toHaveText('45,000원');
  expect(await sandbox.charges(orderId)).toEqual([45_000]);
});

test('a guest pays, anonymously at Toss', async ({ shop, sandbox, page }) => {
  await shop.open('/checkout?as=guest');
  expect(await shop.customerKey()).toBe('@@ANONYMOUS');
  await shop.agree();
  await shop.payButton.click();
  await expect(page.getByText('이름을 입력해 주세요.')).toBeVisible();
  await expect(page.getByLabel('이름')).toBeFocused();
  await page.getByLabel('이름').fill('손님');
  await page.getByLabel('이메일').fill('guest@example.com');
  await page.getByLabel('휴대폰 번호').fill('010-9876-5432');
  const orderId = await shop.pay();
  await shop.approve();
  await expect(page.getByRole('heading', { name: '결제를 완료했어요' })).toBeVisible();
  expect(await sandbox.charges(orderId)).toEqual([50_000]);
});

test('Toss gets every field of the order', async ({ shop, page }) => {
  await shop.open();
  await shop.agree();
  const asked = page.waitForRequest('**/sandbox/window/payments');
  const orderId = await shop.pay();
  const sent = (await asked).postDataJSON() as Record<string, unknown>;
  expect(sent).toMatchObject({
    orderId,
    orderName: '토스 티셔츠 외 2건',
    customerName: '김토스',
    customerEmail: 'member@example.com',
    customerMobilePhone: '01012345678',
    successUrl: 'http://127.0.0.1:3000/success',
    failUrl: 'http://127.0.0.1:3000/fail',
    amount: 50_000,
  });
  expect(String(sent.customerKey)).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test('pressing pay twice places one order', async ({ shop, sandbox, page }) => {
  const orders: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/place_order')) orders.push(request.url());
  });
  await shop.open();
  await shop.agree();
  await shop.payButton.dblclick();
  await expect(shop.approveButton).toBeVisible();
  expect(orders).toHaveLength(1);
  await shop.approve();
  await expect(page.getByRole('heading', { name: '결제를 완료했어요' })).toBeVisible();
  expect(await sandbox.charges(new URL(page.url()).pathname.split('/').at(-1)!)).toEqual([50_000]);
});

test.describe('after paying', () => {
  // The window of a finished payment answers 409.
  test.use({ expectedNoise: { patterns: [/409 \(Conflict\)/] } });

  test('refresh and back at the receipt charge nothing again', async ({ shop, sandbox, page }) => {
    await shop.open();
    await shop.agree();
    const orderId = await shop.pay();
    await shop.approve();
    await expect(page.getByRole('heading', { name: '결제를 완료했어요' })).toBeVisible();
    const receipt = page.url();
    await page.reload();
    await expect(page.getByRole('heading', { name: '결제를 완료했어요' })).toBeVisible();
    await page.goBack();
    // The page before the receipt: the payment window, or the order sheet that it was a frame of.
    await expect(page.getByRole('heading', { name: shop.isFramed ? '주문서' : '이미 완료된 결제입니다' })).toBeVisible();
    await page.goForward();
    await expect(page.getByRole('heading', { name: '결제를 완료했어요' })).toBeVisible();
    await page.goto(receipt);
    await expect(page.getByRole('heading', { name: '결제를 완료했어요' })).toBeVisible();
    expect(await sandbox.charges(orderId)).toEqual([50_000]);
  });
});

test('with the keyboard alone', async ({ shop, page, sandbox }) => {
  await page.goto('/checkout');
  await shop.drawn();
  const press = async (key: string, until: () => Promise<boolean>) => {
    for (let steps = 0; steps < 60; steps++) {
      if (await until()) return;
      await page.keyboard.press(key);
    }
    throw new Error('never reached by keyboard');
  };
  const isFocused = (locator: typeof shop.coupon) => () => locator.evaluate((node) => (node.getRootNode() as Document | ShadowRoot).activeElement === node);
  await press('Tab', isFocused(shop.coupon));
  await page.keyboard.press('Space');
  await expect(shop.total).toHaveText('45,000원');
  await press('Tab', isFocused(shop.requiredTerm));
  await page.keyboard.press('Space');
  await expect(shop.payButton).toBeEnabled();
  await press('Tab', isFocused(shop.payButton));
  await page.keyboard.press('Enter');
  const approve = shop.approveButton;
  await expect(approve).toBeVisible();
  await press('Tab', isFocused(approve));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '결제를 완료했어요' })).toBeVisible();
  expect(await sandbox.charges(new URL(page.url()).pathname.split('/').at(-1)!)).toEqual([45_000]);
});

test('what a browser fills in without a word is what counts', async ({ shop, sandbox, page }) => {
  await shop.open('/checkout?as=guest');
  await shop.agree();
  // As a keeper of passwords does it that tells the page nothing.
  await page.evaluate(() => {
    const values = { 'customer-name': '손님', 'customer-email': 'guest@example.com', 'customer-phone': '+82 10-9876-5432' };
    for (const [id, value] of Object.entries(values)) (document.getElementById(id) as HTMLInputElement).value = value;
  });
  const orderId = await shop.pay();
  await shop.approve();
  await expect(page.getByRole('heading', { name: '결제를 완료했어요' })).toBeVisible();
  expect(await sandbox.charges(orderId)).toEqual([50_000]);
});
