/** Logins in a browser: the link that somebody asks for, what is shown behind it, and who is kept out. The port is a real one. */
import { describe, expect } from 'vitest';
import { type Http, openHttp } from '../../src/ops/http.ts';
import { logTo } from '../../src/ops/log.ts';
import { createMetrics } from '../../src/ops/metrics.ts';
import { createReadiness } from '../../src/ops/readiness.ts';
import { createLoginFront, createOwnPages, loginsMount, loginsPath } from '../../src/process/login-pages.ts';
import { child, childrenOf, textOf } from '../harness/markup.ts';
import { PageBrowser } from '../harness/page-browser.ts';
import { came, chats, Filling } from './filling.ts';
import { domainName } from './gateway.ts';
import type { Client } from './server.ts';
import { type Stage, scenario } from './stage.ts';

type Front = ReturnType<typeof createLoginFront>;

/** A scenario in a gateway whose logins have pages. */
function withPages(name: string, play: (stage: Stage, browser: () => PageBrowser) => Promise<void>): void {
  let front: Front | undefined;
  /** What nobody may find in a log: the links, and what was typed. */
  const secrets = ['sesame'];
  const lines: string[] = [];
  const log = logTo({ write: (line) => void lines.push(line) }, 'debug');
  const base = new URL('https://gateway.test/login/');
  const shown = async (stage: Stage): Promise<void> => {
    const mounts = { [loginsPath]: loginsMount(() => front) };
    const port = { host: '127.0.0.1', port: 0, log, readiness: createReadiness(), metrics: createMetrics() };
    const http: Http = await openHttp({ ...port, mounts });
    try {
      await play(
        stage,
        () => new PageBrowser((url) => new URL(url.pathname + url.search, `http://127.0.0.1:${http.port}`)),
      );
      const logged = [...lines, ...stage.gateway.logged].join('');
      expect(secrets.filter((secret) => logged.includes(secret))).toEqual([]);
    } finally {
      await http.close();
    }
  };
  scenario(name, shown, {
    options: { logins: 'required' },
    admins: ['admin@test'],
    pages(clock, log) {
      const own = createOwnPages({ base, clock, log });
      front = createLoginFront({ own, clock });
      const open: typeof own.open = (plan) => {
        const url = own.open(plan);
        secrets.push(url.slice(-32));
        return url;
      };
      return { ...own, open };
    },
  });
}

const kept = (stage: Stage) => stage.gateway.database.db.selectFrom('logins').selectAll().execute();

/** By command, as a form shows it. */
async function asksFor(client: Client, node = 'register'): Promise<string> {
  const filling = new Filling(client, node);
  await filling.begin();
  const { command } = await filling.submit({ where: 'browser' });
  const field = childrenOf(child(command, 'x', 'jabber:x:data'), 'field').find(({ attrs }) => attrs.var === 'url');
  return textOf(child(field, 'value'));
}

/** As far as the first form. */
async function begun(stage: Stage, browser: PageBrowser, client = stage.client()): Promise<string> {
  const url = await asksFor(client);
  await browser.open(url);
  await browser.press('begin');
  return url;
}

const asIs = { username: 'romeo', password: 'sesame', how: 'password' };

describe('asked for', () => {
  withPages('by form, where one can stay here as well', async (stage) => {
    const romeo = stage.client();
    const filling = new Filling(romeo, 'register');
    expect((await filling.begin()).fields).toEqual({ where: '' });
    expect(Object.keys((await filling.submit({ where: 'here' })).fields)).toContain('password');
    expect(await asksFor(romeo)).toMatch(/^https:\/\/gateway\.test\/login\/[A-Za-z0-9_-]{32}$/);
  });

  withPages('by chat, in one line', async (stage) => {
    const romeo = stage.client();
    expect(await chats(romeo, 'register')).toContain('1. Here\n2. In a browser');
    await chats(romeo, 'cancel');
    const told = await chats(romeo, 'register browser');
    expect(told).toMatch(/within ten minutes[^\n]*\nLink: https:\/\/gateway\.test\/login\/\S{32}$/);
  });

  withPages(
    '077-09 077-10 in-band: the address beside the form, or in words where there are the old fields',
    async (stage) => {
      const romeo = stage.client();
      await romeo.sends(`<iq type='get' id='r' to='${domainName}'><query xmlns='jabber:iq:register'/></iq>`);
      const query = child(
        romeo.queue.find(({ name }) => name === 'iq'),
        'query',
      );
      const instructions = child(query, 'instructions');
      const [, url = ''] = /(https:\S+)$/.exec(instructions === undefined ? '' : textOf(instructions)) ?? [];
      expect(child(query, 'x', 'jabber:x:oob')).toBeUndefined();
      expect(child(query, 'username')).toBeDefined();
      expect(url).toMatch(/^https:\/\/gateway\.test\/login\/\S{32}$/);
    },
  );
});

describe('in the browser', () => {
  withPages('the account is added, and its owner told as by any other way', async (stage, open) => {
    const romeo = stage.client();
    stage.gateway.authority.register('romeo', 'sesame');
    const browser = open();
    const start = await browser.open(await asksFor(romeo));
    expect(start.text).toContain('romeo@test');
    expect(start.text).toContain('Go on only if this is your own address');
    romeo.ignores();
    expect((await browser.press('begin')).title).toBe('The fake network');
    const done = await browser.press('answer', asIs);
    expect(done.text).toBe('Done You are logged in as romeo. It is kept from now on. You can close this page.');
    await stage.calm();
    expect(came(romeo)).toEqual(['message chat', 'presence subscribe']);
    romeo.gets(
      `<message type='chat' from='net.test'><body>You are logged in as romeo. It is kept from now on.</body></message>`,
      `<presence type='subscribe' from='net.test' to='romeo@test'/>`,
    );
    expect(await stage.accounts()).toEqual({ running: 1, stored: 1 });
    expect((await browser.reload()).title).toBe('Done');
  });

  withPages('a wrong password is asked for again with what was wrong, and is not sent back', async (stage, open) => {
    stage.gateway.authority.register('romeo', 'sesame');
    const browser = open();
    await begun(stage, browser);
    const again = await browser.press('answer', { ...asIs, password: 'open-sesame' });
    expect(again.html).toContain('role="alert">This name and this password do not belong together.');
    expect(again.fields).toMatchObject({ 'field.username': 'romeo', 'field.password': '' });
    expect(again.html).not.toContain('open-sesame');
    expect(await kept(stage)).toEqual([]);
    expect((await browser.press('answer', asIs)).title).toBe('Done');
  });

  withPages('what is not filled in is said at once, with what was typed', async (stage, open) => {
    const browser = open();
    await begun(stage, browser);
    const wrong = await browser.press('answer', { username: '', password: 'x', how: 'code' });
    expect([wrong.status, wrong.fields['field.how']]).toEqual([422, 'code']);
    expect(wrong.text).toContain('"Name" has to be filled in.');
  });

  withPages('a code that was sent elsewhere is asked for until it is right', async (stage, open) => {
    const { authority } = stage.gateway;
    authority.register('romeo', 'sesame');
    const browser = open();
    await begun(stage, browser);
    const asked = await browser.press('answer', { ...asIs, how: 'code' });
    expect(asked.html).toContain('autocomplete="one-time-code"');
    expect((await browser.press('answer', { code: '1' })).text).toContain('This is another code.');
    expect((await browser.press('answer', { code: authority.sent })).title).toBe('Done');
  });

  withPages(
    'a QR code is a picture, with the address and the code beside it; its page waits for news',
    async (stage, open) => {
      const { authority } = stage.gateway;
      const browser = open();
      await begun(stage, browser);
      const first = await browser.press('answer', { username: 'x', how: 'qr' });
      const [pairing] = authority.pairings;
      expect(first.html).toMatch(/<img class="qr" src="data:image\/png;base64,[A-Za-z0-9+/=]{100,}"/);
      expect(first.html).toContain('href="https://fake.example/pair#');
      expect(first.html).toContain(`alt="What the QR code says: ${pairing?.text}"`);
      const waits = browser.reload();
      pairing?.expire();
      expect((await waits).html).toContain(authority.pairings[0]?.text);
      const last = browser.reload();
      authority.pairings[0]?.scan('romeo');
      expect((await last).title).toMatch(/^(Welcome, romeo|Done)$/);
      expect((await browser.reload()).title).toBe('Done');
    },
  );

  withPages('no more than three pages of a login wait for news', async (stage, open) => {
    const browser = open();
    await begun(stage, browser);
    await browser.press('answer', { username: 'x', how: 'qr' });
    const { again = '' } = browser.page;
    let answered = 0;
    const two = Promise.withResolvers<void>();
    const asks = Array.from({ length: 5 }, () =>
      browser.open(again).then(() => (++answered === 2 ? two.resolve() : undefined)),
    );
    await two.promise;
    await stage.calm();
    expect(answered).toBe(2);
    stage.gateway.authority.pairings[0]?.scan('romeo');
    await Promise.all(asks);
  });

  withPages('whoever cancels leaves nothing', async (stage, open) => {
    const browser = open();
    await begun(stage, browser);
    await browser.press('answer', { username: 'x', how: 'qr' });
    expect((await browser.press('cancel')).title).toBe('Cancelled');
    await stage.calm();
    expect(stage.gateway.authority.pairings).toEqual([]);
    expect(await kept(stage)).toEqual([]);
  });

  withPages('who does not answer for ten minutes is told so there', async (stage, open) => {
    const browser = open();
    await begun(stage, browser);
    await stage.passes(601);
    expect((await browser.open('')).text).toContain('It took too long, and nothing was kept.');
    await stage.passes(601);
    expect((await browser.open('')).status).toBe(404);
  });

  withPages('it is said in German to whoever asked in German', async (stage, open) => {
    const romeo = stage.client();
    const browser = open();
    await romeo.sends(
      `<message xml:lang='de' type='chat' id='m' to='${domainName}'><body>register browser</body></message>`,
    );
    const [, url = ''] = /Link: (\S+)/.exec(textOf(child(romeo.queue.at(-1), 'body'))) ?? [];
    expect((await browser.open(url)).html).toContain('<html lang="de">');
    expect(browser.page.text).toContain('Mach nur weiter, wenn das deine eigene Adresse ist');
    await browser.press('begin');
    await stage.gateway.domain.stop('keep', 'a restart');
    expect((await browser.open('')).text).toContain('Das Gateway hält an; fang neu an');
  });

  withPages('the login of an account that is there is changed', async (stage, open) => {
    const romeo = stage.client();
    stage.gateway.authority.register('romeo', 'sesame');
    const browser = open();
    await begun(stage, browser, romeo);
    await browser.press('answer', asIs);
    await stage.calm();
    const again = open();
    await again.open(await asksFor(romeo, 'change-login'));
    expect((await again.press('begin')).fields['field.username']).toBe('romeo');
    expect((await again.press('answer', asIs)).title).toBe('Done');
    expect(await kept(stage)).toHaveLength(1);
  });

  withPages('what was begun by command goes on there, where its owner wishes so', async (stage, open) => {
    const { authority } = stage.gateway;
    authority.register('romeo', 'sesame');
    const romeo = stage.client();
    const filling = new Filling(romeo, 'register');
    await filling.begin();
    await filling.submit({ where: 'here' });
    await filling.submit({ ...asIs, how: 'code' });
    const other = new Filling(romeo, 'register');
    await other.begin();
    await other.submit({ where: 'browser' });
    const { fields } = await other.submit({ what: 'continue' });
    const browser = open();
    await browser.open(fields.url ?? '');
    expect((await browser.press('begin')).title).toBe('The code');
    expect((await browser.press('answer', { code: authority.sent })).title).toBe('Done');
  });
});

describe('a link', () => {
  withPages('is begun by nobody who only looks at it, whatever looks', async (stage, open) => {
    const url = await asksFor(stage.client());
    for (const _ of [1, 2, 3]) expect((await open().open(url)).status).toBe(200);
    const browser = open();
    await browser.open(url);
    expect((await browser.press('begin')).title).toBe('The fake network');
  });

  withPages('is good for one browser', async (stage, open) => {
    const [his, another] = [open(), open()];
    const url = await asksFor(stage.client());
    await his.open(url);
    await another.open(url);
    await his.press('begin');
    expect((await another.press('begin')).title).toBe('This link is open in another browser');
    const late = open();
    expect((await late.open(url)).status).toBe(403);
    expect(late.cookies).toEqual([]);
    expect(late.page.text).not.toContain('romeo');
    expect((await his.open(url)).title).toBe('The fake network');
  });

  withPages('is good for ten minutes, and gone when there are newer ones', async (stage, open) => {
    const romeo = stage.client();
    const old = await asksFor(romeo);
    await stage.passes(601);
    expect((await open().open(old)).text).toContain('This link is not good any more');
    const urls: string[] = [];
    for (let n = 0; n < 4; n++) urls.push(await asksFor(romeo));
    const statuses = await Promise.all(urls.map(async (url) => (await open().open(url)).status));
    expect(statuses).toEqual([404, 200, 200, 200]);
  });

  withPages('takes the place of one that is open in a browser', async (stage, open) => {
    const romeo = stage.client();
    const [first, second] = [open(), open()];
    const old = await begun(stage, first, romeo);
    await begun(stage, second, romeo);
    expect((await first.open(old)).status).toBe(404);
    expect((await second.open('')).title).toBe('The fake network');
  });

  withPages('is gone when its owner was banned', async (stage, open) => {
    const browser = open();
    const url = await begun(stage, browser);
    const admin = new Filling(stage.client('admin'), 'ban-user');
    await admin.begin();
    expect((await admin.submit({ accountjids: 'romeo@test' })).notes).toEqual(['info: Banned: romeo@test.']);
    expect((await browser.open(url)).status).toBe(404);
  });

  withPages('is gone after a restart', async (stage, open) => {
    const url = await asksFor(stage.client());
    await stage.restarts();
    expect((await open().open(url)).status).toBe(404);
  });

  withPages(
    'has a cookie for its path alone that no script sees, and pages that load nothing, stay nowhere and say nothing of where they were',
    async (stage, open) => {
      const browser = open();
      const url = await asksFor(stage.client());
      const { headers, html } = await browser.open(url);
      const [cookie] = browser.cookies;
      expect(cookie?.name).toBe('__Secure-login');
      expect(cookie?.attributes).toEqual([`Path=${new URL(url).pathname}`, 'HttpOnly', 'SameSite=Strict', 'Secure']);
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; form-action 'self'/,
        ),
      });
      expect(html).not.toMatch(/<script| on\w+="|src="(?!data:)|href="(?!data:)|url\(/);
    },
  );
});

describe('a form of another page', () => {
  withPages('does nothing: not without the proof, not with another one, not from another site', async (stage, open) => {
    const browser = open();
    await begun(stage, browser);
    const filled = { ...browser.page.fields, 'field.username': 'romeo', 'field.password': 'x', do: 'answer' };
    const unproven = Object.fromEntries(Object.entries(filled).filter(([name]) => name !== 'proof'));
    expect((await browser.post(unproven)).status).toBe(409);
    expect((await browser.post({ ...filled, proof: 'x'.repeat(43) })).status).toBe(409);
    browser.headers = { 'sec-fetch-site': 'cross-site' };
    expect((await browser.post(filled)).status).toBe(409);
    browser.headers = {};
    await stage.calm();
    expect((await browser.open('')).title).toBe('The fake network');
    expect((await browser.open('')).html).not.toContain('role="alert"');
  });

  withPages('of a step that is over is not taken for the next one', async (stage, open) => {
    const { authority } = stage.gateway;
    authority.register('romeo', 'sesame');
    const browser = open();
    await begun(stage, browser);
    const old = {
      ...browser.page.fields,
      'field.username': 'romeo',
      'field.password': 'sesame',
      'field.how': 'code',
      do: 'answer',
    };
    await browser.post(old);
    expect(browser.page.title).toBe('The code');
    expect((await browser.post(old)).html).not.toContain('role="alert"');
    expect((await browser.press('answer', { code: authority.sent })).title).toBe('Done');
  });
});

describe('what breaks', () => {
  withPages('is told as "not now", and the log has neither the link nor what was typed', async (stage, open) => {
    stage.gateway.authority.register('romeo', 'sesame');
    const browser = open();
    await begun(stage, browser);
    stage.mayFail = true;
    stage.gateway.authority.enter = (name, password) => {
      throw Object.assign(new Error('a bug'), { name, password });
    };
    expect((await browser.press('answer', asIs)).text).toMatch(/^It did not work Internal error \S+;/);
    expect(stage.gateway.logged.join('')).toContain('a login met a bug');
  });
});

describe('wrong links', () => {
  withPages('say nothing, and after sixty in a minute are not looked for; right ones are', async (stage, open) => {
    const url = await asksFor(stage.client());
    const browser = open();
    const wrong = () => browser.open(`/login/${'x'.repeat(32)}`);
    browser.headers = { 'accept-language': 'de-CH,de;q=0.9' };
    expect((await wrong()).text).toContain('Dieser Link gilt nicht mehr');
    for (let n = 0; n < 59; n++) expect((await wrong()).status).toBe(404);
    expect((await wrong()).status).toBe(429);
    expect((await browser.open(url)).status).toBe(200);
    await stage.passes(61);
    expect((await wrong()).status).toBe(404);
  });
});
