/** Logins in a browser, in a real one: on IRC between real servers, in one process and in several; every kind of step with the fake network. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHttp } from '../../src/ops/http.ts';
import { createMetrics } from '../../src/ops/metrics.ts';
import { createReadiness } from '../../src/ops/readiness.ts';
import { createLoginFront, createOwnPages, loginsMount, loginsPath } from '../../src/process/login-pages.ts';
import type { Element } from '../../src/xml/element.ts';
import { hasChromium, photograph, startChromium, telephone } from '../harness/chromium.ts';
import type { Role } from '../harness/gateway.ts';
import { createManualClock } from '../harness/manual-clock.ts';
import { bodyOf } from '../harness/markup.ts';
import { isWhole } from '../harness/matrix.ts';
import { useWorld } from '../harness/scenario.ts';
import { silentLog } from '../harness/silent-log.ts';
import { gatewayDomain, ircName } from '../harness/world.ts';
import type { XmppClient } from '../harness/xmpp-client.ts';
import { chats } from '../scenario/filling.ts';
import { openGateway } from '../scenario/gateway.ts';
import { Server } from '../scenario/server.ts';

const limitMs = 60_000;
/** In one process it is the same but for what is asked of another one. */
const layouts: readonly (readonly [string, readonly Role[]])[] = [
  ['with an edge and two workers', ['edge', 'worker', 'worker']],
  ...(isWhole() ? ([['in one process', ['all']]] as const) : []),
];

const heading = (page: Page): Promise<string | null> => page.locator('h1').textContent();
const go = (page: Page): Promise<void> => page.locator('button[value=answer]').click();

describe.skipIf(!hasChromium())('in Chromium', () => {
  let chromium: Browser;
  beforeAll(async () => {
    chromium = await startChromium();
  });
  afterAll(() => chromium.close());

  describe.each(layouts)('on Prosody %s', (_name, roles) => {
    const world = useWorld({ ircd: 'services', roles, isPublic: true, isDebugged: true });

    /** An account with NickServ. */
    async function account(): Promise<string> {
      const nick = `juliet${world().next()}`;
      const client = await world().irc(nick);
      client.say('NickServ', `REGISTER sesame ${nick}@verona.example`);
      await client.expect(/NickServ!\S+ NOTICE \S+ :.* is now registered to /);
      client.close();
      return nick;
    }

    const hears = async (client: XmppClient, what: RegExp): Promise<string> => {
      const isIt = (one: Element): boolean => one.name === 'message' && what.test(bodyOf(one) ?? '');
      return bodyOf(await client.inbox.take(isIt, String(what))) ?? '';
    };

    test(
      '077-14 asked for by chat, a wrong password and then the right one typed there, it is told by message and works; neither a log nor the disk of Redis has what was typed',
      async () => {
        const username = await account();
        const client = await world().jabber(world().newUser(), 'phone');
        client.send(`<message type='chat' to='${gatewayDomain}'><body>register browser</body></message>`);
        const [url = ''] = /http:\S+$/.exec(await hears(client, /Link: http/)) ?? [];
        const page = await telephone(chromium);
        await page.goto(url);
        expect(await page.locator('.box').textContent()).toBe(client.bare);
        await photograph(page, `irc-start-${roles.length}`);
        await page.locator('button').click();
        await page.getByLabel('Server', { exact: true }).fill(ircName);
        await page.getByLabel('Account').fill(username);
        await page.getByLabel('Password').fill('a wrong guess');
        await photograph(page, `irc-form-${roles.length}`);
        await go(page);
        expect(await page.getByRole('alert').textContent()).not.toBe('');
        expect(await page.getByLabel('Password').inputValue()).toBe('');
        await photograph(page, `irc-wrong-${roles.length}`);
        await page.getByLabel('Password').fill('sesame');
        await go(page);
        await page.getByRole('heading', { name: 'Done' }).waitFor();
        await photograph(page, `irc-done-${roles.length}`);
        expect(await hears(client, /^You are logged in as/)).toContain(username);
        await client.join(`#verona%${ircName}@${gatewayDomain}`, username);
        const looker = await world().irc(`looker${world().next()}`);
        looker.send(`WHOIS ${username}`);
        await looker.expect(new RegExp(` 330 \\S+ ${username} ${username} :`));
        looker.close();
        const another = await telephone(chromium);
        expect((await another.goto(url))?.status()).toBe(403);
        client.send(
          `<message type='chat' to='${gatewayDomain}'><body>configure ${ircName} sasl_password by line of chat</body></message>`,
        );
        await hears(client, /^Saved/);
        const typed = /sesame|a wrong guess|by line of chat/;
        for (const { running } of world().gateway.members) {
          expect(running.output()).toContain('the gateway is up');
          expect(running.output()).not.toMatch(typed);
          expect(running.output()).not.toContain(url.slice(-32));
        }
        expect(world().redis?.written() ?? 'post').toContain('post');
        expect(world().redis?.written() ?? '').not.toMatch(typed);
      },
      limitMs,
    );
  });

  test(
    'every kind of step, with no script: code, QR code, what is waited for, German, dark, cancelled',
    async () => {
      const clock = createManualClock();
      const server = new Server();
      let front: ReturnType<typeof createLoginFront> | undefined;
      const http = await openHttp({
        ...{ host: '127.0.0.1', port: 0, log: silentLog, readiness: createReadiness(), metrics: createMetrics() },
        mounts: { [loginsPath]: loginsMount(() => front) },
      });
      const base = new URL(`http://127.0.0.1:${http.port}/login/`);
      const gateway = await openGateway({
        clock,
        toServer: (text) => server.take(text),
        options: { logins: 'required' },
        pages(_clock, log) {
          const own = createOwnPages({ base, clock, log });
          front = createLoginFront({ own, clock });
          return own;
        },
      });
      server.gateway = gateway;
      const { authority } = gateway;
      authority.register('romeo', 'sesame');
      const romeo = server.client('romeo', 'desk');

      async function begin(page: Page, lang = 'en'): Promise<void> {
        romeo.ignores();
        await romeo.sends(
          `<message xml:lang='${lang}' type='chat' id='m' to='net.test'><body>register browser</body></message>`,
        );
        const [url = ''] = /http:\S+/.exec(romeo.queue.map((one) => bodyOf(one) ?? '').join('')) ?? [];
        await page.goto(url);
        await photograph(page, `fake-start-${lang}`);
        await page.locator('button').click();
      }

      try {
        const page = await telephone(chromium);
        const complaints: string[] = [];
        page.on('console', (message) => complaints.push(message.text()));
        await begin(page);
        // What a finger finds; were the style refused, it would be half of that.
        expect((await page.locator('button[value=answer]').boundingBox())?.height).toBeGreaterThanOrEqual(44);
        await page.getByLabel('Name').fill('romeo');
        await page.locator('input[type=password]').fill('sesame');
        await page.getByLabel('With a code to your telephone as well').check();
        await photograph(page, 'fake-form');
        await go(page);
        expect(await heading(page)).toBe('The code');
        await page.keyboard.type('1');
        await page.keyboard.press('Enter');
        await page.getByRole('alert').waitFor();
        await photograph(page, 'fake-code');
        await page.getByLabel('Code').fill(authority.sent);
        await go(page);
        expect(await heading(page)).toBe('Done');
        expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);

        const dark = await telephone(chromium, { colorScheme: 'dark' });
        await begin(dark, 'de');
        await dark.getByLabel('Name').fill('x');
        await dark.getByLabel('With a QR code').check();
        await go(dark);
        await dark.locator('img.qr').waitFor();
        expect(
          await dark.locator('img.qr').evaluate((one: { naturalWidth: number }) => one.naturalWidth),
        ).toBeGreaterThan(200);
        await photograph(dark, 'fake-qr-dark');
        // The page asks by itself, and is answered when it was scanned.
        authority.pairings[0]?.scan('juliet');
        await dark.getByRole('heading', { name: 'Fertig' }).waitFor();

        const third = await telephone(chromium);
        await begin(third);
        await third.getByLabel('With a QR code').check();
        await third.getByLabel('Name').fill('x');
        await go(third);
        await third.locator('button[value=cancel]').click();
        expect(await heading(third)).toBe('Cancelled');
        await photograph(third, 'fake-cancelled');
        expect(authority.pairings).toEqual([]);
        expect(await chats(romeo, 'accounts')).toContain('romeo');
        expect(gateway.errors).toEqual([]);
      } finally {
        await gateway.close();
        await http.close();
      }
    },
    limitMs,
  );
});
