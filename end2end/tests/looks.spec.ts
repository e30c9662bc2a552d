// Every page for eyes, ears and search engines: language, title, contrast, order of headings, width.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/shop.js';

test.use({ expectedNoise: { patterns: [/404 \(Not Found\)/] } });

async function isSound(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
  const width = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth] as const);
  expect(width[0], 'nothing is wider than the window').toBeLessThanOrEqual(width[1]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the order sheet and the receipt, ${colorScheme}`, async ({ shop, page }) => {
    await page.emulateMedia({ colorScheme });
    await shop.open();
    await expect(page).toHaveTitle('주문서 · 토스 데모 상점');
    await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
    await isSound(page);
    await shop.agree();
    await isSound(page);
    await shop.pay();
    await shop.approve();
    await expect(page).toHaveTitle('결제를 완료했어요 · 토스 데모 상점');
    await page.getByText('개발자 정보').click();
    await isSound(page);
  });

  test(`pages that say what went wrong, ${colorScheme}`, async ({ shop, page }) => {
    await page.emulateMedia({ colorScheme });
    for (const [path, title] of [
      ['/fail?code=REJECT_CARD_COMPANY&message=%EC%B9%B4%EB%93%9C%EC%82%AC+%EA%B1%B0%EC%A0%88', '카드사가 결제를 거절했어요'],
      ['/orders/V1StGXR8_Z5jdHi6B-myT', '찾을 수 없는 주문이에요'],
      ['/nowhere', '페이지를 찾을 수 없어요'],
    ] as const) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
      await expect(page).toHaveTitle(`${title} · 토스 데모 상점`);
      await isSound(page);
    }
    await expect(shop.payButton).toHaveCount(0);
  });
}

test('English, by the switch', async ({ page, shop }) => {
  await page.goto('/checkout');
  await shop.drawn();
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page).toHaveTitle('Checkout · Toss demo shop');
  await expect(shop.payButton).toHaveText('Pay ₩50,000');
  await expect(shop.requiredTerm).toBeVisible();
  await isSound(page);
});

test('dark, by the switch, over the system', async ({ page, shop }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await shop.open();
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByRole('button', { name: '어둡게' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await ground()).not.toBe(light);
  await shop.drawn();
});

test('nothing jumps while the widget comes', async ({ page, shop }) => {
  await page.addInitScript(() => {
    (window as unknown as { shift: number }).shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput } = entry as unknown as { value: number; hadRecentInput: boolean };
        if (!hadRecentInput) (window as unknown as { shift: number }).shift += value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await shop.open();
  expect(await page.evaluate(() => (window as unknown as { shift: number }).shift)).toBeLessThan(0.02);
});

test('the order sheet says what it is to a screen reader', async ({ shop, page }) => {
  await shop.open();
  await expect(page.locator('main')).toMatchAriaSnapshot(`
    - heading "주문서" [level=1]
    - navigation "주문 방법":
      - link "회원"
      - link "비회원"
    - region "주문 상품":
      - heading "주문 상품" [level=2]
      - list
      - checkbox "5,000원 쿠폰 적용"
    - region "주문자 정보":
      - textbox "이름"
      - textbox "이메일"
      - textbox "휴대폰 번호"
    - region "결제 수단"
    - button "50,000원 결제하기" [disabled]
  `);
});
