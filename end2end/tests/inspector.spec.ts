// The inspector at the sandbox's root. Other tests use the same sandbox at the same time: each looks for its own order.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type APIRequestContext, type Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { Sandbox, SANDBOX_URL } from '../fixtures/sandbox.js';

const newOrder = () => `inspect-${randomUUID()}`;

/** The inspector, showing one order. */
async function inspect(page: Page, orderId: string): Promise<void> {
  await page.goto(`${SANDBOX_URL}/`);
  await page.getByLabel('Find an order or payment key').fill(orderId);
}

async function choose(page: Page, orderId: string): Promise<void> {
  await page.getByRole('list', { name: 'Payments, newest first' }).getByRole('link', { name: orderId }).click();
}

async function confirm(request: APIRequestContext, payment: { paymentKey: string; orderId: string; amount: number }) {
  const { secretKey } = await (await request.get(`${SANDBOX_URL}/sandbox/control/about`)).json();
  const { paymentKey, orderId, amount } = payment;
  return request.post(`${SANDBOX_URL}/v1/payments/confirm`, {
    data: { paymentKey, orderId, amount },
    headers: { Authorization: `Basic ${btoa(`${secretKey}:`)}`, 'Idempotency-Key': randomUUID() },
  });
}

async function isSound(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
  const [content, view] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth] as const);
  expect(content, 'nothing is wider than the window').toBeLessThanOrEqual(view);
}

test('a payment appears and its timeline grows without a reload', async ({ page, request }) => {
  const sandbox = new Sandbox(request);
  const orderId = newOrder();
  await inspect(page, orderId);
  await expect(page.getByRole('status').filter({ hasText: 'Live' })).toBeVisible();
  await expect(page.getByText('No payment has this text')).toBeVisible();

  const payment = await sandbox.open({ orderId, orderName: 'Toss T-shirt', amount: 45_000, authenticated: false });
  await choose(page, orderId);
  const timeline = page.locator('#timeline li');
  await expect(timeline).toHaveText([/Opened.*READY/]);
  await expect(page.getByRole('article')).toContainText('45,000원');

  await page.getByRole('button', { name: 'Approve' }).click();
  await expect(timeline).toHaveText([/Opened/, /Authenticated.*IN_PROGRESS/]);
  expect((await confirm(request, payment)).status()).toBe(200);
  await expect(timeline).toHaveText([/Opened/, /Authenticated/, /Confirmed.*DONE/]);

  const call = page.locator('#payment-requests details');
  await call.locator('summary').click();
  await expect(call).toContainText('moved money');
  await expect(call.locator('pre').first()).toContainText(`"orderId": "${orderId}"`);
  await expect(call.locator('pre').last()).toContainText('"totalAmount": 45000');
});

test('the deposit button pays into the virtual account, the refund button gives a part back', async ({ page, request }) => {
  const sandbox = new Sandbox(request);
  const orderId = newOrder();
  const payment = await sandbox.open({ orderId, orderName: 'Toss T-shirt', amount: 45_000, method: 'VIRTUAL_ACCOUNT' });
  expect((await confirm(request, payment)).status()).toBe(200);
  await inspect(page, orderId);
  await choose(page, orderId);
  await page.getByRole('button', { name: 'Deposit', exact: true }).click();
  await expect(page.locator('#head')).toContainText('DONE');
  expect((await sandbox.payment(orderId)).status).toBe('DONE');
  expect(await sandbox.charges(orderId)).toEqual([45_000]);

  await page.getByLabel('Amount to cancel, KRW').fill('5000');
  await page.getByRole('button', { name: 'Cancel payment' }).click();
  await expect(page.locator('#head')).toContainText('PARTIAL_CANCELED');
  await expect(page.locator('#head')).toContainText('40,000원 left');
  await expect(page.locator('#money li')).toHaveText([/\+45,000원\s*Charge/, /−5,000원\s*Refund/]);
  expect((await sandbox.payment(orderId)).balance).toBe(40_000);
});

test('a fault that is armed in the page makes the next confirm fail, once', async ({ page, request }) => {
  const sandbox = new Sandbox(request);
  const orderId = newOrder();
  const payment = await sandbox.open({ orderId, orderName: 'Toss T-shirt', amount: 45_000 });
  await inspect(page, orderId);
  await choose(page, orderId);
  await page.getByLabel('What goes wrong with the next confirm of this order').selectOption('500 before the charge');
  await page.locator('#next').getByRole('button', { name: 'Arm' }).click();
  await page.locator('#faults > summary').click();
  const armed = page.locator('#armed li').filter({ hasText: orderId });
  await expect(armed).toContainText('error_before');

  expect((await confirm(request, payment)).status()).toBe(500);
  await expect(armed).toHaveCount(0);
  await expect(page.locator('#payment-requests')).toContainText('error_before');
  expect(await sandbox.charges(orderId)).toEqual([]);
  expect((await confirm(request, payment)).status()).toBe(200);

  // The panel arms for one order too.
  await page.getByLabel('Order', { exact: true }).fill(orderId);
  await page.getByLabel('Or a scenario').selectOption('lost-response');
  await page.getByRole('button', { name: 'Arm scenario' }).click();
  await expect(armed).toContainText('reset_after');
});

test('a webhook shows its attempts, and is sent once more by its button', async ({ page, request }) => {
  const sandbox = new Sandbox(request);
  const orderId = newOrder();
  // Nobody listens there, and no other test is about this event.
  await sandbox.registerWebhook('http://127.0.0.1:9/nobody', ['seller.changed']);
  await sandbox.sendEvent('seller.changed', { status: 'APPROVED' }, orderId);
  await page.goto(`${SANDBOX_URL}/#/webhooks`);
  await page.getByLabel('Find webhooks by order').fill(orderId);
  const webhook = page.locator('#webhook-list details');
  await expect(webhook).toHaveCount(1);
  await expect(webhook).toContainText('1 attempt · next in');
  await webhook.locator('summary').click();
  await expect(webhook.getByRole('listitem')).toHaveText([/unreachable/]);
  await webhook.getByRole('button', { name: 'Send again' }).click();
  await expect(webhook.getByRole('listitem')).toHaveText([/unreachable/, /unreachable/]);
  await expect(webhook).toContainText('2 attempts');
});

test('requests are found by their order', async ({ page, request }) => {
  const sandbox = new Sandbox(request);
  const [orderId, other] = [newOrder(), newOrder()];
  for (const id of [orderId, other]) await confirm(request, await sandbox.open({ orderId: id, orderName: 'Toss T-shirt', amount: 1_000 }));
  await page.goto(`${SANDBOX_URL}/#/requests`);
  await page.getByLabel('Find requests by order or path').fill(orderId);
  await expect(page.locator('#request-list details')).toHaveCount(1);
  await expect(page.locator('#request-list')).toContainText(orderId);
});

test('what a hostile shop names its order is text', async ({ page, request }) => {
  const sandbox = new Sandbox(request);
  const orderId = newOrder();
  const orderName = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;
  await sandbox.open({ orderId, orderName, amount: 1_000 });
  await inspect(page, orderId);
  await choose(page, orderId);
  await expect(page.getByRole('heading', { level: 2, name: orderName })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Payments, newest first' })).toContainText(orderName);
  await expect(page.locator('main img, main script')).toHaveCount(0);
  await expect(page).toHaveTitle('Toss sandbox');
});

test('it says that the sandbox has gone, and comes back by itself', async ({ page, context }) => {
  await page.goto(`${SANDBOX_URL}/`);
  const connection = page.locator('#connection');
  await expect(connection).toHaveText('Live');
  await context.setOffline(true);
  await page.getByLabel('Find an order or payment key').fill('x');
  await expect(connection).toContainText('has gone');
  await context.setOffline(false);
  await page.getByLabel('Find an order or payment key').fill('');
  await expect(connection).toHaveText('Live');
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1_600]) {
    test(`sound at ${width} px, ${colorScheme}`, async ({ page, request }) => {
      // Every view is looked through by axe.
      test.slow();
      const sandbox = new Sandbox(request);
      const orderId = newOrder();
      const payment = await sandbox.open({ orderId, orderName: '토스 티셔츠 외 2건', amount: 45_000 });
      await confirm(request, payment);
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await inspect(page, orderId);
      await expect(page.getByRole('link', { name: orderId })).toBeVisible();
      await isSound(page);
      await choose(page, orderId);
      await page.locator('#payment-requests summary').first().click();
      await expect(page.locator('#payment-requests pre')).toHaveCount(2);
      await isSound(page);
      await page.locator('#faults > summary').click();
      await isSound(page);
      await page.locator('#faults > summary').click();
      for (const view of ['Requests', 'Webhooks', 'Start']) {
        await page.getByRole('navigation').getByRole('link', { name: view }).click();
        // What other tests do at the same time is not looked through.
        if (view !== 'Start') await page.getByRole('searchbox', { name: `Find ${view.toLowerCase()}` }).fill(orderId);
        await isSound(page);
      }
    });
  }
}

test('everything is reached by keyboard', async ({ page, request }) => {
  const orderId = newOrder();
  await new Sandbox(request).open({ orderId, orderName: 'Toss T-shirt', amount: 45_000, authenticated: false });
  await inspect(page, orderId);
  await expect(page.getByRole('link', { name: orderId })).toBeVisible();
  await page.getByLabel('Find an order or payment key').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const approve = page.getByRole('button', { name: 'Approve' });
  await expect(approve).toBeVisible();
  await approve.press('Enter');
  await expect(page.locator('#head')).toContainText('IN_PROGRESS');
});

test('on another machine browsers give a page less, and a payment in dollars is opened all the same', async ({ page }) => {
  // What a page of http://sandbox:3100 has not: these are kept for this machine and for https.
  await page.addInitScript(() => {
    Object.defineProperty(window, 'isSecureContext', { value: false });
    Object.defineProperty(crypto, 'randomUUID', { value: undefined });
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
  });
  await page.goto(`${SANDBOX_URL}/`);
  await page.getByText('New payment', { exact: true }).click();
  await page.getByLabel('Method').selectOption({ label: 'PayPal' });
  await page.getByLabel('Amount, USD').fill('726.24');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.locator('#head')).toContainText('726.24 USD');
  await expect(page.locator('#head')).toContainText('PayPal');
  await expect(page.getByRole('button', { name: /^Copy/ })).toHaveCount(0);
});
