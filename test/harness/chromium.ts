/** The real Chromium, Debian's, without a screen. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

/** The package may not be there: then its tests are left out. */
export const hasChromium = (): boolean => existsSync(executablePath);

/** The tests' own machine is its sandbox: as root it has none of its own. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });

/** A telephone's window, in a profile of its own. */
export async function telephone(browser: Browser, more: { readonly colorScheme?: 'dark' } = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, ...more });
  context.setDefaultTimeout(20_000);
  return context.newPage();
}

/** What it looks like, for who wants to see: in the folder that ISTHMUS_SCREENSHOTS names. */
export async function photograph(page: Page, name: string): Promise<void> {
  const folder = process.env.ISTHMUS_SCREENSHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
