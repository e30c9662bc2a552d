// What happens to an order after its shopper has left Toss: deposits, reversals and refunds, on pages that nobody reloads.
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test, type Shop } from '../fixtures/shop.js';

const WAITING = '입금해 주세요';
const PAID = '결제를 완료했어요';
const REVERSED = '입금이 취소되어 다시 입금해야 해요';

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });

/** Orders with a virtual account. Answers the order's number; the page shows where to transfer to. */
async function order(shop: Shop): Promise<string> {
  await shop.open();
  await shop.page.getByRole('radio', { name: '가상계좌' }).check();
  await shop.agree();
  const orderId = await shop.pay();
  await shop.approve();
  await expect(heading(shop.page, WAITING)).toBeVisible();
  return orderId;
}

/** The same browser without script. */
async function withoutScript(context: BrowserContext): Promise<Page> {
  const browser = context.browser();
  const other = await browser!.newContext({ javaScriptEnabled: false, storageState: await context.storageState(), baseURL: 'http://127.0.0.1:3000', locale: 'ko-KR' });
  return other.newPage();
}

test('a deposit arrives while its page is open, in two tabs', async ({ shop, sandbox, page, context }) => {
  const orderId = await order(shop);
  await expect(shop.fact('은행')).toHaveText(/은행|뱅크/);
  await expect(shop.fact('예금주')).not.toBeEmpty();
  await expect(shop.fact('입금할 금액')).toHaveText('50,000원');
  await expect(shop.fact('입금 기한')).toHaveText(/\d+월 \d+일\(.\) 오[전후] \d+:\d\d/);
  await expect(shop.fact('남은 시간')).toHaveText(/\d/);
  const other = await context.newPage();
  await other.goto(`/orders/${orderId}`);
  await expect(heading(other, WAITING)).toBeVisible();
  expect(await sandbox.charges(orderId)).toEqual([]);
  await sandbox.deposit(orderId);
  for (const tab of [page, other]) {
    await expect(heading(tab, PAID)).toBeVisible({ timeout: 5_000 });
    await expect(tab.getByText('50,000원', { exact: true }).first()).toBeVisible();
  }
  await expect(page.getByText('은행에서 입금을 취소하는 경우가 있어서')).toBeVisible();
  expect(await sandbox.charges(orderId)).toEqual([50_000]);
});

test('the account number is copied', async ({ shop, page, context, sandbox }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const orderId = await order(shop);
  await page.getByRole('button', { name: '복사' }).click();
  await expect(page.getByText('복사했어요')).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^X?\d{8,}$/);
  expect(await page.locator('.copied .whole').textContent()).toBe(copied);
  await sandbox.deposit(orderId);
  await expect(heading(page, PAID)).toBeVisible();
});

test('after a reload, and without script', async ({ shop, sandbox, page, context }) => {
  const orderId = await order(shop);
  await page.reload();
  await expect(heading(page, WAITING)).toBeVisible();
  const plain = await withoutScript(context);
  await plain.goto(`/orders/${orderId}`);
  await expect(heading(plain, WAITING)).toBeVisible();
  await expect(plain.getByRole('button', { name: '복사' })).toHaveCount(0);
  await sandbox.deposit(orderId);
  await expect(heading(page, PAID)).toBeVisible({ timeout: 5_000 });
  // It refreshes itself.
  await expect(heading(plain, PAID)).toBeVisible();
  await plain.context().close();
});

test('the bank takes a deposit back after the page said paid', async ({ shop, sandbox, page }) => {
  const orderId = await order(shop);
  await sandbox.deposit(orderId);
  await expect(heading(page, PAID)).toBeVisible();
  await sandbox.reverseDeposit(orderId);
  await expect(heading(page, REVERSED)).toBeVisible({ timeout: 5_000 });
  await expect(page.getByText('은행에서 입금을 취소했어요.')).toBeVisible();
  await expect(shop.fact('입금할 금액')).toHaveText('50,000원');
  await sandbox.deposit(orderId);
  await expect(heading(page, PAID)).toBeVisible({ timeout: 5_000 });
});

test('an account that was taken back before the deposit asks for no money any more', async ({ shop, sandbox, page }) => {
  const orderId = await order(shop);
  await sandbox.refund(orderId, { reason: '품절' });
  await expect(heading(page, '주문이 취소됐어요')).toBeVisible({ timeout: 5_000 });
  await expect(page.getByText('이 계좌로 입금하지 마세요')).toBeVisible();
  await expect(page.locator('.copied')).toHaveCount(0);
  expect(await sandbox.charges(orderId)).toEqual([]);
});

test('an account whose time is over asks for no money any more', async ({ shop, sandbox, page }) => {
  const orderId = await order(shop);
  await sandbox.expire(orderId);
  // Toss says nothing then; whatever makes the shop look tells it.
  const { paymentKey } = await sandbox.payment(orderId);
  await sandbox.sendEvent('CANCEL_STATUS_CHANGED', { paymentKey, orderId, cancelStatus: 'DONE' }, orderId);
  await expect(heading(page, '입금 기한이 지났어요')).toBeVisible({ timeout: 5_000 });
  await expect(page.getByText('이 계좌로 입금하지 마세요')).toBeVisible();
  await expect(page.locator('.copied')).toHaveCount(0);
  expect(await sandbox.charges(orderId)).toEqual([]);
});

test('a part refund is on the receipt, and then the rest', async ({ shop, sandbox, page }) => {
  await shop.open();
  await shop.agree();
  const orderId = await shop.pay();
  await shop.approve();
  await expect(heading(page, PAID)).toBeVisible();
  await sandbox.refund(orderId, { amount: 15_000, reason: '한 벌 반품' });
  const refunds = page.getByRole('region', { name: '환불' }).or(page.locator('section.refunds'));
  // A receipt that nobody waits for is shown anew when it is looked at again.
  await expect(async () => {
    await page.reload();
    await expect(refunds).toContainText('15,000원', { timeout: 500 });
  }).toPass();
  await expect(refunds).toContainText('한 벌 반품');
  await expect(shop.fact('환불 후 결제 금액')).toHaveText('35,000원');
  await expect(refunds).toContainText('결제한 수단으로 돌려드려요.');
  await sandbox.refund(orderId, { reason: '나머지 반품' });
  await expect(async () => {
    await page.reload();
    await expect(heading(page, '환불된 주문이에요')).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(shop.fact('환불 후 결제 금액')).toHaveText('0원');
});
