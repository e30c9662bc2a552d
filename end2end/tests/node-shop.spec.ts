// The shop of the sandbox's README, run as it stands there.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { Sandbox } from '../fixtures/sandbox.js';

const SHOP = fileURLToPath(new URL('../../crates/toss-sandbox/examples/shop.mjs', import.meta.url));

test('a shop in Node pays at the sandbox, with only the script and the base URL changed', async ({ page, request }) => {
  const shop = spawn(process.execPath, [SHOP], { env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [url] = (await once(shop.stdout, 'data')) as [Buffer];
    await page.goto(url.toString().trim());
    await page.getByRole('checkbox', { name: /^\[필수\]/ }).check();
    await page.getByRole('button', { name: '결제하기' }).click();
    await page.frameLocator('iframe[title="결제창"]').getByRole('button', { name: '결제 승인', exact: true }).click();
    await expect(page.getByText('200 DONE')).toBeVisible();
    const orderId = new URL(page.url()).searchParams.get('orderId') ?? '';
    await page.reload();
    await expect(page.getByText('200 DONE')).toBeVisible();
    expect(await new Sandbox(request).charges(orderId), 'a refresh charges nothing again').toEqual([15_000]);
  } finally {
    shop.kill();
  }
});
