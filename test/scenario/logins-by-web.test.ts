/** Logins in a browser: asked for, filled in, waited for, cancelled, and told of as by any other way. */
import { describe, expect } from 'vitest';
import { child, textOf } from '../harness/markup.ts';
import { came, chats, Filling } from './filling.ts';
import { domainName } from './gateway.ts';
import type { Stage } from './stage.ts';
import { asIs, asksFor, begun, withPages } from './with-pages.ts';

const kept = (stage: Stage) => stage.gateway.database.db.selectFrom('logins').selectAll().execute();

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
