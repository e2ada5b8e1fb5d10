/** The demo's page in a real browser, with all that the demo starts: what Converse.js shows of a room. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { mainFile } from '../harness/build.ts';
import { hasChromium, startChromium, telephone } from '../harness/chromium.ts';

const limitMs = 90_000;

/** Started as people start it, on free ports. */
async function startDemo() {
  const dir = await mkdtemp(join(tmpdir(), 'isthmus-demo-page-'));
  const argv = ['demo', '--data', dir, '--xmpp-port', '0', '--irc-port', '0', '--http-port', '0'];
  const child = spawn(process.execPath, [mainFile, ...argv], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const ended = once(child, 'exit');
  let address: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    address = /^Isthmus demo is ready: (\S+)$/.exec(line)?.[1];
    if (address !== undefined) break;
  }
  child.stdout.resume();
  return {
    address,
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT');
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** And its page in a browser, not loaded yet. */
async function openPage() {
  await using opened = new AsyncDisposableStack();
  const demo = opened.use(await startDemo());
  const browser = await startChromium();
  opened.defer(() => browser.close());
  const page = await telephone(browser);
  const all = opened.move();
  return {
    page,
    load: () => page.goto(demo.address ?? 'the demo did not come up'),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

test.skipIf(!hasChromium())(
  'what the room itself says is shown, line by line: the answer to a command',
  async () => {
    await using demo = await openPage();
    const { page } = demo;
    await demo.load();
    const field = page.locator('textarea.chat-textarea:visible');
    await field.fill('/whois demo');
    await field.press('Enter');
    const answer = page.locator('.chat-info__message', { hasText: 'Address: ~demo@' });
    await answer.waitFor();
    // biome-ignore lint/performance/useDomNodeTextContent: that the lines are seen as lines is what is tested
    expect((await answer.innerText()).split('\n')).toEqual(expect.arrayContaining(['demo', 'Channels: #lobby']));
  },
  limitMs,
);

test.skipIf(!hasChromium())(
  'a room that cannot be entered yet, as the gateway is not up, is entered when it can',
  async () => {
    await using demo = await openPage();
    const { page } = demo;
    let refused = 0;
    await page.routeWebSocket(/xmpp-websocket/, (client) => {
      const server = client.connectToServer();
      client.onMessage((sent) => {
        const room = /^<presence\b[^>]* to=["']([^"'/]+\/[^"']+)["']/.exec(String(sent))?.[1];
        if (room === undefined || refused > 1) return server.send(sent);
        refused += 1;
        // As Prosody says it of a component that is not connected.
        client.send(
          `<presence xmlns='jabber:client' type='error' from='${room}'><error type='wait'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Component unavailable</text></error></presence>`,
        );
      });
    });
    await demo.load();
    await page.locator('textarea.chat-textarea:visible').waitFor();
    expect(refused).toBe(2);
  },
  limitMs,
);

test.skipIf(!hasChromium())(
  'a form that comes back says what is wrong with it',
  async () => {
    await using demo = await openPage();
    const { page } = demo;
    await page.setViewportSize({ width: 1280, height: 900 });
    await demo.load();
    await page.locator('textarea.chat-textarea:visible').waitFor();
    await page.locator('.show-client-info').click();
    await page.getByText('Commands', { exact: true }).click();
    await page.locator('input[name="jid"]:visible').fill('irc.localhost');
    await page.getByRole('button', { name: 'List available commands' }).click();
    await page.getByText('Settings for all servers', { exact: true }).click();
    await page.locator('input[name="nick"]:visible').fill('two words');
    await page.locator('input[data-action="complete"]').click();
    await page.locator('.form-instructions', { hasText: '"Nickname": No spaces' }).waitFor();
  },
  limitMs,
);
