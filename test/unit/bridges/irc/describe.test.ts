/** What a session says of its connection: to a real server with TLS, and to one whose every word is the test's. */
import { describe, expect, test } from 'vitest';
import { germanSentences } from '../../../../bridges/irc/sentences-german.ts';
import { createTranslate } from '../../../../src/core/sentences.ts';
import { startInspircd } from '../../../harness/inspircd.ts';
import { connectSession, live, openWith, TestSession, type TestSessionOptions } from '../../../harness/irc-session.ts';
import { createManualClock, settle } from '../../../harness/manual-clock.ts';
import { startPuppetIrcd } from '../../../harness/puppet-ircd.ts';

const told = async (us: TestSession) =>
  Object.fromEntries(((await us.live.describe?.(live())) ?? []).map(({ label, value }) => [label, value]));

describe('over TLS', () => {
  test('the version, and whether the certificate was verified', async () => {
    await using ircd = await startInspircd();
    const place = [`127.0.0.1:${ircd.tls?.port}`];
    const trusting = { localhost: { address: place, ca: ircd.tls?.ca } };
    const options = { tls: 'required', servers: trusting };
    await using us = await connectSession({ port: ircd.port, nick: 'alice', on: 'localhost', options });
    expect(await told(us)).toMatchObject({
      Server: 'localhost (TestNet)',
      Address: place[0],
      Encryption: expect.stringMatching(/^TLSv1\.[23] \(TLS_[A-Z0-9_]+\)$/),
      'Certificate of the server': 'verified',
      Lag: expect.stringMatching(/^\d+ ms$/),
      'You are': 'alice',
      'Logged in': 'no',
      Capabilities: expect.stringMatching(/\bbatch, .*\becho-message\b/),
    });
    await using other = await connectSession({
      port: ircd.port,
      nick: 'bob',
      options: { tls: 'required', servers: { 'irc.test': { address: place } } },
      settings: { verify_cert: false },
    });
    expect((await told(other))['Certificate of the server']).toBe('not verified');
  });
});

describe('in plain text', () => {
  async function connected(wanted: Partial<TestSessionOptions> = {}) {
    const ircd = await startPuppetIrcd();
    const us = new TestSession();
    const done = openWith(us, { port: ircd.port, nick: 'juliet', ...wanted });
    const server = await (await ircd.next()).welcome({ caps: 'setname away-notify' });
    await done;
    return { us, server, ircd };
  }

  test('who one is, the login, being away, encodings and capabilities', async () => {
    const { us, server, ircd } = await connected({ settings: { encoding_in: 'koi8-r', encoding_out: 'latin1' } });
    await using _ = ircd;
    await using __ = us;
    server.say(
      ':s.test 900 juliet juliet!u@h capulet :You are now logged in',
      ':juliet!u@h NICK juliet_',
      ':s.test 005 juliet_ NETWORK=Verona :are supported',
    );
    await us.live.status?.appear('away', 'at the balcony');
    const facts = await told(us);
    expect(facts).toEqual({
      Server: 'irc.test (Verona)',
      Address: `127.0.0.1:${ircd.port}`,
      Encryption: 'none',
      Connected: expect.stringMatching(/^since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \(\d+ s\)$/),
      Lag: expect.stringMatching(/^\d+ ms$/),
      'You are': 'juliet_ (juliet is wanted)',
      'Logged in': 'as capulet',
      Away: 'at the balcony',
      Encoding: 'sent in windows-1252; what comes and is not UTF-8 is read as koi8-r',
      Capabilities: 'away-notify, setname',
    });
  });

  test('a server that does not answer is waited for for five seconds', async () => {
    const clock = createManualClock();
    const { us, ircd } = await connected({ clock });
    await using _ = ircd;
    await using __ = us;
    ircd.answersPings = false;
    const facts = told(us);
    await settle();
    await clock.advance(5000);
    expect((await facts).Lag).toBe('no answer within 5 seconds');
  });

  test('GEN-10 labels, and what we say behind them ourselves, are there in German', async () => {
    const { us, ircd } = await connected();
    await using _ = ircd;
    await using __ = us;
    const translate = createTranslate({ de: germanSentences });
    const german = (text: string): string => translate(text, 'de') ?? text;
    const all = Object.entries(await told(us)).map(([label, value]) => `${german(label)}: ${german(value)}`);
    expect(all.filter((line) => !/^(Adresse|Verzögerung|Zeichensatz): /.test(line))).toEqual([
      'Server: irc.test',
      'Verschlüsselung: keine',
      expect.stringMatching(/^Verbunden: seit .*Z \(\d+ s\)$/),
      'Du bist: juliet',
      'Angemeldet: nein',
      expect.stringMatching(/^Erweiterungen: /),
    ]);
  });

  test('a lost connection is told as that, with the reason', async () => {
    const { us, server, ircd } = await connected();
    await using _ = ircd;
    await using __ = us;
    server.say('ERROR :Closing Link: juliet (banished)');
    server.end();
    await us.event('state', ({ state }) => state === 'reconnecting');
    expect(await told(us)).toEqual({
      Server: 'irc.test',
      Connection: expect.stringMatching(/^lost since .* is being made again$/),
      Reason: expect.stringMatching(/^irc\.test closed the connection: .*banished/),
    });
  });

  test('why it can not be made again is told once, and stands there', async () => {
    const clock = createManualClock();
    const { us, server, ircd } = await connected({ clock });
    await using _ = ircd;
    await using __ = us;
    server.cut();
    await us.event('state', ({ state }) => state === 'reconnecting');
    for (let times = 0; times < 3; times++) {
      let came = false;
      const coming = ircd.next().then((one) => {
        came = true;
        return one;
      });
      for (let second = 0; second < 600 && !came; second++) {
        await clock.advance(1000);
        await settle();
      }
      const again = await coming;
      await again.expect(/^USER /);
      again.say(':s.test 465 juliet :You are banned: ask in #help');
      await expect(again.lines.take(() => false, 'the end')).rejects.toThrow(/gone/);
      await settle();
    }
    expect((await us.event('notice', ({ text }) => text.plain.includes('banned'))).text.plain).toBe(
      'You are banned: ask in #help',
    );
    expect((await told(us)).Reason).toBe('You are banned: ask in #help');
    expect(
      us.events.all.filter((event) => event.kind === 'notice' && event.text.plain.includes('banned')),
    ).toHaveLength(1);
  });

  test('whoever gives up waiting is not kept', async () => {
    const { us, ircd } = await connected();
    await using _ = ircd;
    await using __ = us;
    ircd.answersPings = false;
    const impatient = new AbortController();
    const facts = us.live.describe?.(impatient.signal);
    impatient.abort(new Error('enough'));
    await expect(facts).rejects.toThrow('enough');
  });
});
