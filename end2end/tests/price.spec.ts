// The price on the page, in the widget and at the server.
import { SDK } from '../fixtures/sdk.js';
import { expect, test } from '../fixtures/shop.js';

test('the coupon changes the amount and never draws the widget again', async ({ shop }) => {
  await shop.open();
  await shop.coupon.check();
  await expect(shop.total).toHaveText('45,000원');
  await shop.coupon.uncheck();
  await expect(shop.total).toHaveText('50,000원');
  await expect.poll(() => shop.amounts()).toEqual([45_000, 50_000]);
  expect(await shop.callsOf('renderPaymentMethods')).toHaveLength(1);
  expect(await shop.callsOf('renderAgreement')).toHaveLength(1);
  // Only v1 can be told why.
  if (SDK === 'v1') expect((await shop.callsOf('updateAmount')).map(([, reason]) => reason)).toEqual(['COUPON', 'COUPON']);
});

test('a hundred quick ticks end at the last one', async ({ shop, sandbox, page }) => {
  await shop.open();
  await shop.agree();
  await page.evaluate(() => {
    const box = document.querySelector<HTMLInputElement>('input[name=coupon]')!;
    for (let tick = 0; tick < 101; tick++) box.click();
  });
  await expect(shop.total).toHaveText('45,000원');
  await expect.poll(async () => (await shop.amounts()).at(-1)).toBe(45_000);
  expect(await shop.callsOf('renderPaymentMethods')).toHaveLength(1);
  const orderId = await shop.pay();
  await shop.approve();
  await expect(shop.fact('결제 금액')).toHaveText('45,000원');
  expect(await sandbox.charges(orderId)).toEqual([45_000]);
});

test('more and less of a product', async ({ shop, page, sandbox }) => {
  await shop.open();
  await page.getByRole('button', { name: '토스 머그컵 하나 더' }).click();
  await page.getByRole('button', { name: '토스 양말 하나 빼기' }).click();
  await expect(shop.total).toHaveText('55,000원');
  await shop.agree();
  const orderId = await shop.pay();
  await shop.approve();
  await expect(shop.fact('주문 상품')).toHaveText('토스 티셔츠 외 1건');
  expect(await sandbox.charges(orderId)).toEqual([55_000]);
});

test('an empty cart cannot be paid and says so', async ({ shop, page }) => {
  await shop.open();
  await shop.agree();
  for (const name of ['토스 티셔츠', '토스 머그컵', '토스 양말']) await page.getByRole('button', { name: `${name} 하나 빼기` }).click();
  await expect(page.getByText('상품을 하나 이상 담아 주세요.')).toBeVisible();
  await expect(shop.payButton).toBeDisabled();
  await page.getByRole('button', { name: '토스 양말 하나 더' }).click();
  await expect(shop.total).toHaveText('8,000원');
  await expect(shop.payButton).toBeEnabled();
});

test('a page whose prices are out of date shows the new total instead of paying', async ({ shop, page }) => {
  const newPrice = 52_000;
  await page.route('**/api/place_order', async (route) => {
    const { expected_total: shown } = route.request().postDataJSON() as { expected_total: number };
    if (shown === newPrice) return route.fulfill({ json: 'Refused' });
    return route.fulfill({ json: { PriceChanged: { subtotal: newPrice, discount: 0, total: newPrice } } });
  });
  await shop.open();
  await shop.agree();
  await shop.payButton.click();
  await expect(page.getByText('가격이 바뀌어서 결제하지 않았어요.')).toBeVisible();
  await expect(shop.total).toHaveText('52,000원');
  await expect(shop.payButton).toHaveText('52,000원 결제하기');
  await expect.poll(async () => (await shop.amounts()).at(-1)).toBe(52_000);
  expect(await shop.callsOf('requestPayment')).toEqual([]);
  await shop.payButton.click();
  await expect(page.getByText('요청을 확인할 수 없었어요.')).toBeVisible();
});

test('what was typed and ticked before the program came is kept', async ({ shop, page }) => {
  let start = () => {};
  const held = new Promise<void>((resolve) => (start = resolve));
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/checkout', { waitUntil: 'commit' });
  await page.getByLabel('이름').fill('일찍 온 손님');
  await shop.coupon.check();
  start();
  await shop.drawn();
  await expect(page.getByLabel('이름')).toHaveValue('일찍 온 손님');
  await expect(shop.coupon).toBeChecked();
  await expect(shop.total).toHaveText('45,000원');
});

test('a page translator leaves no old amount behind', async ({ shop, page }) => {
  await shop.open();
  // As translators do it: each text that may be translated is replaced by an element of their own.
  await page.evaluate(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: Text[] = [];
    while (texts.nextNode()) {
      const text = texts.currentNode as Text;
      const isOpen = text.parentElement?.closest('[translate="no"], script, style') === null;
      if (isOpen && text.data.trim() !== '') found.push(text);
    }
    for (const text of found) {
      const font = document.createElement('font');
      font.textContent = text.data;
      text.replaceWith(font);
    }
  });
  await shop.coupon.check();
  await expect(shop.total).toHaveText('45,000원');
  await expect(shop.payButton).toHaveText('45,000원 결제하기');
  await shop.agree();
  await shop.pay();
});
