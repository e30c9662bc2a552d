// The widget script is somebody else's: it may be missing, slow or broken. The page says so and recovers without a reload.
import { BREAKS_WHILE_DRAWING, WIDGET_URL } from '../fixtures/sdk.js';
import { expect, test } from '../fixtures/shop.js';

test.use({ expectedNoise: { patterns: [/Failed to load resource/, /Unexpected identifier/, /broke on purpose/, /Failed to fetch/] } });

test('blocked: says so, and a second try works', async ({ shop, page }) => {
  await page.route(WIDGET_URL, (route) => route.abort());
  await page.goto('/checkout');
  await expect(page.getByRole('alert').filter({ hasText: '결제 수단을 불러오지 못했어요.' })).toBeVisible();
  await expect(page.getByText('광고 차단 기능')).toBeVisible();
  await expect(shop.payButton).toBeDisabled();
  await page.unroute(WIDGET_URL);
  await page.getByRole('button', { name: '다시 시도' }).click();
  await shop.drawn();
  await shop.agree();
  await shop.pay();
});

test('not there: says so', async ({ shop, page }) => {
  await page.route(WIDGET_URL, (route) => route.fulfill({ status: 404, body: 'nothing here' }));
  await page.goto('/checkout');
  await expect(page.getByText('결제 수단을 불러오지 못했어요.')).toBeVisible();
  await expect(shop.payButton).toBeDisabled();
});

test('garbage: says so', async ({ shop, page }) => {
  await page.route(WIDGET_URL, (route) => route.fulfill({ contentType: 'text/javascript', body: 'this is ( no script' }));
  await page.goto('/checkout');
  await expect(page.getByText('결제 수단을 불러오지 못했어요.')).toBeVisible();
  await expect(shop.payButton).toBeDisabled();
});

test('slower than ten seconds: says so, and a second try works', async ({ shop, page }) => {
  // The clock of the page is the test's, so that nobody waits for it.
  await page.clock.install();
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route(WIDGET_URL, async (route) => {
    await held;
    await route.abort();
  }, { times: 1 });
  await page.goto('/checkout', { waitUntil: 'commit' });
  await expect(page.getByText('결제 수단을 불러오고 있어요.')).toBeAttached();
  await expect(async () => {
    await page.clock.fastForward(11_000);
    await expect(page.getByText('응답이 너무 늦어지고 있어요.')).toBeVisible({ timeout: 500 });
  }).toPass();
  answer();
  await page.getByRole('button', { name: '다시 시도' }).click();
  await expect(shop.requiredTerm).toBeVisible();
});

test('throws while drawing: says so', async ({ shop, page }) => {
  await page.route(WIDGET_URL, (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      headers: { 'access-control-allow-origin': '*' },
      body: BREAKS_WHILE_DRAWING,
    }),
  );
  await page.goto('/checkout');
  await expect(page.getByText('결제 수단을 불러오지 못했어요.')).toBeVisible();
  await expect(page.getByRole('button', { name: '다시 시도' })).toBeVisible();
  await expect(shop.payButton).toBeDisabled();
});

test('fetched once, by the tag in the head', async ({ shop, page }) => {
  let fetched = 0;
  page.on('request', (request) => {
    if (request.url() === WIDGET_URL) fetched += 1;
  });
  await shop.open();
  expect(fetched).toBe(1);
});

for (const [what, files] of [
  ['glue', '**/pkg/*.js'],
  ['program', '**/*.wasm'],
] as const) {
  test(`the shop's own ${what} not there: says so`, async ({ shop, page }) => {
    await page.route(files, (route) => route.abort());
    await page.goto('/checkout');
    await expect(page.getByText('페이지를 다 불러오지 못했어요. 새로고침해 주세요.')).toBeVisible();
    await expect(shop.payButton).toBeDisabled();
  });
}

test('a shop that does not answer: says that nothing was paid', async ({ shop, page }) => {
  await page.clock.install();
  await page.route('**/api/place_order', () => {});
  await page.goto('/checkout');
  await shop.drawn();
  await shop.agree();
  await shop.payButton.click();
  await expect(page.getByRole('status').filter({ hasText: '결제창을 여는 중' })).toBeVisible();
  await expect(shop.payButton).toBeDisabled();
  await page.clock.fastForward(21_000);
  await expect(page.getByText('서버에 연결하지 못했어요. 결제되지 않았으니 다시 시도해 주세요.')).toBeVisible();
  await expect(shop.payButton).toBeEnabled();
});

test('a price that comes too late reaches neither page nor widget', async ({ shop, page }) => {
  await page.clock.install();
  let answer = () => {};
  const late = new Promise<void>((resolve) => (answer = resolve));
  let orders = 0;
  await page.route('**/api/place_order', async (route) => {
    orders += 1;
    if (orders > 1) return route.fulfill({ json: 'Refused' });
    await late;
    return route.fulfill({ json: { PriceChanged: { subtotal: 52_000, discount: 0, total: 52_000 } } });
  });
  await page.goto('/checkout');
  await shop.drawn();
  await shop.agree();
  await shop.payButton.click();
  await expect(shop.payButton).toBeDisabled();
  await page.clock.fastForward(21_000);
  await expect(page.getByText('서버에 연결하지 못했어요. 결제되지 않았으니 다시 시도해 주세요.')).toBeVisible();
  await shop.coupon.check();
  await expect(shop.total).toHaveText('45,000원');
  const answered = page.waitForResponse('**/api/place_order');
  answer();
  await (await answered).finished();
  // The shop is asked again: page and widget agree on the amount. Where they do not, nothing is asked at all.
  await shop.payButton.click();
  await expect(page.getByText('요청을 확인할 수 없었어요.')).toBeVisible();
  expect(orders).toBe(2);
  expect((await shop.amounts()).at(-1)).toBe(45_000);
});
