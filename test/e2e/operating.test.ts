/** What operators see of a gateway that runs in several processes: metrics of each, and the page with all of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { accountId } from '../../src/core/ids.ts';
import { accountKey } from '../../src/gateway/decode/account-key.ts';
import { systemClock } from '../../src/ops/clock.ts';
import { connectRedis } from '../../src/storage/redis/connect.ts';
import { createLeases } from '../../src/storage/redis/leases.ts';
import { createOutboxStore } from '../../src/storage/redis/outbox.ts';
import { createWorkers } from '../../src/storage/redis/workers.ts';
import { mainFile, root } from '../harness/build.ts';
import { hasChromium, photograph, startChromium, telephone } from '../harness/chromium.ts';
import { namedMetrics, readDashboard } from '../harness/dashboard.ts';
import { type Exposition, readExposition } from '../harness/exposition.ts';
import { configuration, type Member } from '../harness/gateway.ts';
import { freePort } from '../harness/ports.ts';
import { start } from '../harness/process.ts';
import { useWorld } from '../harness/scenario.ts';
import { silentLog } from '../harness/silent-log.ts';
import { type JabberPerson, Stage } from '../harness/stage.ts';
import { readinessAt, startStandbyEdge } from '../harness/standby-edge.ts';
import { tempDir } from '../harness/temp.ts';
import { gatewayDomain, ircName } from '../harness/world.ts';
import { origin, send } from '../unit/delivery/entries.ts';

const operatorToken = 'a token of twenty-four characters';
const world = useWorld({ ircd: 'ngircd', roles: ['edge', 'worker', 'worker'], operatorToken });

const scrape = async (member: Member): Promise<Exposition> => readExposition((await member.get('/metrics')).body);

const isPerson = (text: string): boolean => /[@#%]/.test(text);

test('each process tells its own metrics, without a fault and without anybody’s name; they add up', async () => {
  await using stage = new Stage(world());
  const { romeo, juliet } = await stage.pair();
  romeo.says('wherefore');
  await juliet.hears(romeo, 'wherefore');
  const { members } = world().gateway;
  const irc = { domain: gatewayDomain, bridge: 'irc' };
  const sum = async (name: string, labels: object): Promise<number> => {
    const all = await Promise.all(members.map(scrape));
    return all.reduce((total, one) => total + (one.value(name, { ...irc, ...labels }) ?? 0), 0);
  };
  await expect.poll(() => sum('isthmus_barrier_round_trip_seconds_count', {})).toBeGreaterThan(0);
  await expect.poll(() => sum('isthmus_attempts_total', { outcome: 'done' })).toBeGreaterThan(1);
  expect(await sum('isthmus_sessions', { state: 'ready' })).toBe(1);
  expect(await sum('isthmus_component_up', {})).toBe(1);
  expect(await sum('isthmus_stanzas_total', { direction: 'in' })).toBeGreaterThan(1);
  expect(await sum('isthmus_events_total', {})).toBeGreaterThan(1);
  await expect.poll(() => sum('isthmus_queue_entries', {})).toBe(0);
  const all = await Promise.all(members.map(scrape));
  expect(all.flatMap(({ faults }) => faults)).toEqual([]);
  const labels = all.flatMap(({ families }) => families.flatMap(({ samples }) => samples.map((one) => one.labels)));
  expect(labels.flatMap((one) => Object.values(one)).filter(isPerson)).toEqual([]);
  expect(all.map((one) => one.value('isthmus_mailbox_entries'))).toEqual([0, 0, 0]);
  // A family that nobody has counted in yet has no samples.
  const known = all.flatMap(({ families }) =>
    families.flatMap(({ name, samples }) => [name, ...samples.map((sample) => sample.name)]),
  );
  expect(namedMetrics(readDashboard()).filter((name) => !known.includes(name))).toEqual([]);
});

/** So many messages of hers that could not be delivered, as if a day had passed. */
async function undelivered({ user }: JabberPerson, chat: string, texts: readonly string[]): Promise<void> {
  const link = await connectRedis({ url: world().redis?.url ?? '', name: 'test', clock: systemClock, log: silentLog });
  const workers = await createWorkers(link, { clock: systemClock, log: silentLog });
  const store = createOutboxStore(link, systemClock);
  const from = `${user}@localhost`;
  const { id } = accountKey(gatewayDomain, from, `elsewhere${ircName}`);
  const lease = await createLeases(link, workers, silentLog).acquire(accountId(id));
  for (const text of texts) {
    const entry = { intent: send(chat, text), origin: { ...origin(text), from: `${from}/phone` } };
    const appended = await store.append(id, entry, undefined, { account: 10 });
    if (appended.is === 'new') await store.settle(id, lease?.fence ?? 0, [{ key: appended.key, dead: 'timed-out' }]);
  }
  await lease?.release();
  await workers.close();
  await link.close();
}

describe.skipIf(!hasChromium())('the page, in Chromium', () => {
  const at = (page: Page, name: string): Promise<void> => page.getByRole('link', { name }).click();

  test('behind the token, on any process it shows all of them: accounts, lanes, dead letters, jobs; nothing is loaded from elsewhere', async () => {
    await using stage = new Stage(world());
    const { romeo } = await stage.pair();
    await undelivered(romeo, '#balcony', ['one secret word', 'another secret word']);
    const { members } = world().gateway;
    const browser: Browser = await startChromium();
    try {
      const page = await telephone(browser);
      const asked: string[] = [];
      const faults: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      const base = `http://127.0.0.1:${members[0]?.http}/operator`;
      expect((await page.goto(base))?.status()).toBe(401);
      await photograph(page, 'operator-login');
      await page.getByLabel('Operator’s token').fill('not the token of this gateway');
      await page.getByRole('button').click();
      expect(await page.getByRole('alert').textContent()).toBe('That is not the token.');
      await page.getByLabel('Operator’s token').fill(operatorToken);
      await page.getByRole('button').click();
      await page.getByRole('heading', { name: 'Processes' }).waitFor();
      expect(page.url()).toBe(`${base}/`);
      expect((await page.locator('.cards > li b').allTextContents()).sort()).toEqual(['edge', 'worker', 'worker']);
      expect(await page.locator('.tag.good').count()).toBe(3);
      await photograph(page, 'operator-overview');
      await at(page, 'Accounts');
      await page.getByText(`${romeo.user}@localhost`).waitFor();
      await photograph(page, 'operator-accounts');
      await at(page, 'Jobs');
      await page.getByText('sweep', { exact: true }).waitFor();
      await photograph(page, 'operator-jobs');
      await at(page, 'Dead letters');
      expect(await page.getByText('#balcony').count()).toBe(2);
      expect(await page.content()).not.toContain('secret word');
      await photograph(page, 'operator-letters');
      await page.locator('ul input[type=checkbox]').first().check();
      await page.getByRole('button', { name: 'Drop' }).click();
      await page.getByRole('status').waitFor();
      expect(await page.getByRole('status').textContent()).toBe('1 dropped.');
      await page.getByLabel('Mark all').check();
      await page.getByRole('button', { name: 'Send' }).click();
      expect(await page.getByRole('status').textContent()).toBe('1 put behind what waits.');
      await photograph(page, 'operator-dealt');
      // Another process takes the same cookie.
      await page.goto(`http://127.0.0.1:${members[1]?.http}/operator/accounts`);
      await page.getByText('#balcony').waitFor();
      await photograph(page, 'operator-lane');
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByLabel('Operator’s token').waitFor();
      const german = await browser.newContext({
        locale: 'de-DE',
        colorScheme: 'dark',
        viewport: { width: 1100, height: 800 },
      });
      const wide = await german.newPage();
      await wide.goto(base);
      await wide.getByLabel('Token des Betreibers').fill(operatorToken);
      await wide.getByRole('button').click();
      await wide.getByRole('heading', { name: 'Prozesse' }).waitFor();
      await photograph(wide, 'operator-german');
      const origins = new Set(asked.filter((url) => !url.startsWith('data:')).map((url) => new URL(url).hostname));
      expect([...origins]).toEqual(['127.0.0.1']);
      expect(faults.filter((text) => !/401|403/.test(text))).toEqual([]);
      expect(asked.filter((url) => url.includes('token'))).toEqual([]);
    } finally {
      await browser.close();
    }
    for (const { running } of members) expect(running.output()).not.toMatch(/twenty-four|not the token of/);
    expect(members[0]?.running.output()).toContain('somebody tried a wrong token');
  }, 60_000);
});

describe('what HTTP answers with needs no stream', () => {
  const statusOf = async (port: number, path: string): Promise<number> =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) })).status;

  /** The page with all processes, behind the token. */
  async function overview(port: number): Promise<string> {
    const page = `http://127.0.0.1:${port}/operator/`;
    const body = new URLSearchParams({ do: 'login', token: operatorToken });
    const entered = await fetch(page, { method: 'POST', body, redirect: 'manual' });
    const [cookie = ''] = (entered.headers.get('set-cookie') ?? '').split(';');
    return (await fetch(page, { headers: { cookie } })).text();
  }

  test('an edge that stands by has the operator’s page', async () => {
    const edge = await startStandbyEdge(world().gateway.config);
    const page = await overview(edge.port);
    expect(page.match(/<div class="head"><b>(?:edge|worker)/g)).toHaveLength(4);
    expect(page).not.toContain('does not answer');
    await edge.running.stop();
  });

  test('a gateway that was started while the XMPP server is away has the page, and looks for files and logins', async () => {
    const dir = tempDir('away');
    const [port, componentPort] = [await freePort(), await freePort()];
    const config = join(dir.path, 'isthmus.yaml');
    const media = { days: 30, perFile: 1, megabytes: 10 };
    const components = { [gatewayDomain]: 'secret' };
    const options = { components, componentPort, redis: 'private', irc: {}, allow: ['*'], operatorToken, media };
    writeFileSync(config, configuration(options, 'https://gateway.example.org/'));
    const args = [mainFile, 'run', '--config', config, '--http', `127.0.0.1:${port}`];
    const gateway = await start(process.execPath, args, {
      ...{ name: 'gateway', cwd: root },
      ready: (one) => one.stdout().includes('component stream is down'),
    });
    expect(await readinessAt(port)).toMatch(/^503 /);
    const link = 'a'.repeat(24);
    expect(await overview(port)).toContain(`xmpp ${gatewayDomain}`);
    expect(await statusOf(port, `/media/${link}/x.png`)).toBe(404);
    expect(await statusOf(port, `/login/${link}/`)).toBe(404);
    await gateway.stop();
    dir.remove();
  });
});
