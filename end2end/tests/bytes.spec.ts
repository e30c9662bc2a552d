// What the browser gets, and what it must never get.
import { expect, test } from '../fixtures/shop.js';

test('no file of the front end holds a secret key', async ({ shop, page }) => {
  const bodies: Promise<[string, Buffer]>[] = [];
  page.on('response', (response) => {
    if (response.url().startsWith('http://127.0.0.1:3000/')) bodies.push(response.body().then((body) => [response.url(), body]));
  });
  await shop.open();
  const files = await Promise.all(bodies);
  expect(files.filter(([url]) => /\.(wasm|js|css)$/.test(url)).length).toBeGreaterThanOrEqual(3);
  for (const [url, body] of files) {
    // A whole key; the beginnings of keys are there, to refuse whole ones.
    expect(body.toString('latin1').match(/(test|live)_g?sk_(docs_|sandbox_)?[A-Za-z0-9]{12,}/), url).toBeNull();
    expect(body.includes('api.tosspayments.com'), `the client of the core API in ${url}`).toBe(false);
  }
});

test('a page without an island loads no script', async ({ page, shop }) => {
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (['script', 'fetch'].includes(request.resourceType())) scripts.push(request.url());
  });
  await page.goto('/fail?code=PAY_PROCESS_CANCELED');
  await expect(page.getByRole('heading', { name: '결제를 그만뒀어요' })).toBeVisible();
  expect(scripts).toEqual([]);
  await expect(shop.payButton).toHaveCount(0);
});
