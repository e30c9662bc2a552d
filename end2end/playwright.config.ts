import { defineConfig, devices } from '@playwright/test';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';

// Playwright's own browser where it is installed, else the system's.
const system = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));
const executablePath = existsSync(chromium.executablePath()) ? undefined : system;

// What the offline Toss is held to by itself, whichever SDK the shop uses.
const OFFLINE_TOSS = /(inspector|node-shop|sdk-[a-z0-9-]+)\.spec\.ts/;

export default defineConfig({
  testDir: 'tests',
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    baseURL: 'http://127.0.0.1:3000',
    locale: 'ko-KR',
    timezoneId: 'Asia/Seoul',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    },
  },
  projects: [
    { name: 'desktop', use: { ...devices['Desktop Chrome'] }, testIgnore: OFFLINE_TOSS },
    { name: 'phone', use: { ...devices['Galaxy S9+'] }, testMatch: /pay\.spec\.ts|looks\.spec\.ts/ },
    { name: 'offline-toss', use: { ...devices['Desktop Chrome'] }, testMatch: OFFLINE_TOSS },
  ],
  // A shop that already runs is used as it is, unless FRESH_SHOP forbids it; otherwise one is started, with a database of its
  // own.
  webServer: {
    command: '../scripts/serve',
    url: 'http://127.0.0.1:3000/health',
    reuseExistingServer: !process.env.FRESH_SHOP,
    timeout: 30 * 60_000,
    env: {
      DATABASE_URL: `sqlite://${join(mkdtempSync(join(tmpdir(), 'toss-checkout-')), 'end2end.db')}`,
      LOG: 'warn',
      TOSS_SDK: process.env.TOSS_SDK ?? 'v1',
      // Whatever a developer's .env says: these tests are for the offline Toss.
      ...Object.fromEntries(['TOSS_CLIENT_KEY', 'TOSS_SECRET_KEY', 'TOSS_API_URL', 'TOSS_WIDGET_URL', 'SANDBOX_ADDR', 'PUBLIC_URL'].map((name) => [name, ''])),
    },
  },
});
