/** Links to logins: for how long and for whom they are good, and who is kept out. */
import { describe, expect } from 'vitest';
import { Filling } from './filling.ts';
import { asksFor, begun, withPages } from './with-pages.ts';

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
