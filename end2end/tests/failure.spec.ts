// What goes wrong on the way: the shopper learns what, keeps cart and coupon, and can try again.
import { expect, test } from '../fixtures/shop.js';

test('cancelling leads back to a cart that is still there', async ({ shop, page, sandbox }) => {
  await shop.open();
  await shop.coupon.check();
  await shop.agree();
  const orderId = await shop.pay();
  await shop.window.getByRole('button', { name: '결제 취소', exact: true }).click();
  await expect(page.getByRole('heading', { name: '결제를 그만뒀어요' })).toBeVisible();
  await expect(shop.fact('에러코드')).toHaveText('PAY_PROCESS_CANCELED');
  expect(new URL(page.url()).searchParams.has('orderId')).toBe(false);

  await page.getByRole('link', { name: '다시 결제하기' }).click();
  await shop.drawn();
  await expect(shop.coupon).toBeChecked();
  await expect(shop.total).toHaveText('45,000원');
  await shop.agree();
  const second = await shop.pay();
  expect(second).not.toBe(orderId);
  await shop.approve();
  await expect(shop.fact('결제 금액')).toHaveText('45,000원');
  expect(await sandbox.charges(second)).toEqual([45_000]);
  expect(await sandbox.charges(orderId)).toEqual([]);
});

test('a refusal in the window is shown with message and code in their places', async ({ shop, page, sandbox }) => {
  await shop.open();
  await shop.agree();
  const orderId = await shop.pay();
  await shop.window.getByLabel('거절 사유').selectOption('REJECT_CARD_COMPANY');
  await shop.window.getByRole('button', { name: '결제 거절', exact: true }).click();
  await expect(page.getByRole('heading', { name: '카드사가 결제를 거절했어요' })).toBeVisible();
  await expect(shop.fact('에러코드')).toBeHidden();
  await page.getByText('결제사가 알려 준 내용').click();
  await expect(shop.fact('에러코드')).toBeVisible();
  await expect(shop.fact('에러코드')).toHaveText('REJECT_CARD_COMPANY');
  await expect(shop.fact('에러메시지')).not.toHaveText('');
  await expect(shop.fact('에러메시지')).not.toContainText('REJECT');
  await expect(page.getByText('결제되지 않았어요.')).toBeVisible();
  expect(await sandbox.charges(orderId)).toEqual([]);
});

test('a refusal at the confirm is never shown as paid, and another try pays', async ({ shop, page, sandbox }) => {
  await shop.open();
  await shop.coupon.check();
  await shop.agree();
  const refused = await shop.pay();
  await shop.window.getByLabel('거절 사유').selectOption('REJECT_CARD_PAYMENT');
  await shop.window.getByRole('button', { name: '승인 단계에서 거절' }).click();
  await expect(page.getByRole('heading', { name: '카드 한도나 잔액이 부족해요' })).toBeVisible();
  await expect(shop.fact('에러코드')).toHaveText('REJECT_CARD_PAYMENT');
  expect(await sandbox.charges(refused)).toEqual([]);

  await page.getByRole('link', { name: '다른 수단으로 결제하기' }).click();
  await shop.drawn();
  await expect(shop.coupon).toBeChecked();
  await shop.agree();
  const paid = await shop.pay();
  await shop.approve();
  await expect(page.getByRole('heading', { name: '결제를 완료했어요' })).toBeVisible();
  expect(await sandbox.charges(paid)).toEqual([45_000]);
});

test('a lost answer is being checked, then known, without a reload by the shopper', async ({ shop, page, sandbox }) => {
  await shop.open();
  await shop.agree();
  const orderId = await shop.pay();
  await sandbox.nextConfirm(orderId, { kind: 'timeout_after' });
  await shop.approve();
  await expect(page.getByRole('heading', { name: '결제를 확인 중이에요' })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe(`/orders/${orderId}`);
  await sandbox.release();
  await expect(page.getByRole('heading', { name: '결제를 완료했어요' })).toBeVisible();
  expect(await sandbox.charges(orderId)).toEqual([50_000]);
});

test('an answer of 500 after the charge ends as paid, charged once', async ({ shop, page, sandbox }) => {
  await shop.open();
  await shop.agree();
  const orderId = await shop.pay();
  await sandbox.nextConfirm(orderId, { kind: 'error_after' });
  await shop.approve();
  await expect(page.getByRole('heading', { name: '결제를 완료했어요' })).toBeVisible();
  expect(await sandbox.charges(orderId)).toEqual([50_000]);
});

test('an edited amount is refused and the order stays payable', async ({ shop, page, sandbox }) => {
  await shop.open();
  await shop.agree();
  const orderId = await shop.pay();
  const success = await sandbox.approve(orderId);
  await page.goto(success.replace('amount=50000', 'amount=100'));
  await expect(shop.fact('에러코드')).toHaveText('SHOP_AMOUNT_MISMATCH');
  expect(await sandbox.charges(orderId)).toEqual([]);
  await page.goto(success);
  await expect(page.getByRole('heading', { name: '결제를 완료했어요' })).toBeVisible();
  expect(await sandbox.charges(orderId)).toEqual([50_000]);
});
