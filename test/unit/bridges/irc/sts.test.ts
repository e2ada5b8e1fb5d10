/** Strict transport security: what is read, how long it holds, and that nothing goes back to plain text. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStsPolicies, readSts } from '../../../../bridges/irc/sts.ts';
import { nextOf, type Where } from '../../../../bridges/irc/targets.ts';
import type { Settings } from '../../../../src/core/settings.ts';
import { makeCertificate } from '../../../harness/certificate.ts';
import { openWith, TestSession } from '../../../harness/irc-session.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { freePort } from '../../../harness/ports.ts';
import { PuppetClient, type PuppetIrcd, startPuppetIrcd } from '../../../harness/puppet-ircd.ts';
import { startSocksProxy } from '../../../harness/socks-proxy.ts';
import { tempDir } from '../../../harness/temp.ts';

test.each([
  ['port=6697', { port: 6697 }],
  ['unknown,duration=31536000,foo=bar', { durationS: 31_536_000 }],
  ['duration=0,port=1,preload', { durationS: 0, port: 1 }],
  ['duration=999999999999', { durationS: 315_360_000 }],
  ['port=0', {}],
  ['port=65536,duration=-1', {}],
  ['port=6697x,duration=', {}],
  ['', {}],
])('sts=%s', (value, offer) => expect(readSts(value)).toEqual(offer));

describe('policies', () => {
  const plain: Where = { host: 'irc.example', port: 6667, tls: false };
  const secure: Where = { host: 'irc.example', port: 6697, tls: true };
  const other: Where = { host: 'other.example', port: 6667, tls: false };

  test('while one is in force its host is tried with TLS alone, on its port first', () => {
    const clock = createManualClock();
    const policies = createStsPolicies(clock);
    expect(policies.targets([secure, plain, other])).toEqual([secure, plain, other]);
    const here = { ...secure, port: 7000 };
    policies.heard(here, { durationS: 60 });
    expect(policies.targets([secure, plain, other])).toEqual([here, secure, other]);
    expect(policies.targets([{ ...plain, host: 'IRC.Example' }])).toEqual([{ ...here, host: 'IRC.Example' }]);
  });

  test('it ends by time, by a duration of 0, and begins anew when the connection is over', async () => {
    const clock = createManualClock();
    const policies = createStsPolicies(clock);
    policies.heard(secure, { durationS: 60 });
    await clock.advance(59_000);
    policies.closed(secure);
    await clock.advance(59_000);
    expect(policies.targets([plain])).toEqual([secure]);
    await clock.advance(2000);
    expect(policies.targets([plain])).toEqual([plain]);
    policies.closed(secure);
    expect(policies.targets([plain])).toEqual([plain]);
    policies.heard(secure, { durationS: 60 });
    policies.heard(secure, { port: 1 });
    policies.heard(secure, { durationS: 0 });
    expect(policies.targets([plain])).toEqual([plain]);
  });

  test('saved and restored; the longer one holds; what is no policy is passed over', () => {
    const clock = createManualClock();
    const policies = createStsPolicies(clock);
    expect(policies.save(['irc.example'])).toBe('');
    policies.heard(secure, { durationS: 60 });
    const saved = policies.save(['irc.example', 'other.example']);
    const again = createStsPolicies(clock);
    again.heard({ ...secure, port: 7000 }, { durationS: 100 });
    again.restore(saved);
    expect(again.targets([plain])).toEqual([{ ...secure, port: 7000 }]);
    const third = createStsPolicies(clock);
    for (const text of ['', '{', 'null', '[]', '{"sts":5}', '{"sts":[5,["a"],["irc.example",0,1,1],["b",1,2,"x"]]}'])
      third.restore(text);
    expect(third.targets([plain])).toEqual([plain]);
    third.restore(saved);
    expect(third.targets([plain])).toEqual([secure]);
  });

  test('the next address after a bad one has the same encryption', () => {
    const all = [secure, { ...secure, port: 7000 }, plain, other];
    expect(nextOf(all, secure)).toEqual(all[1]);
    expect(nextOf(all, { ...secure, port: 7000 })).toEqual(secure);
    expect(nextOf(all, plain)).toEqual(other);
    expect(nextOf([secure], secure)).toEqual(secure);
  });
});

describe('with servers', () => {
  const dir = tempDir('sts');
  afterAll(() => dir.remove());
  const files = makeCertificate(dir.path, ['localhost']);
  let [plain, secure]: PuppetIrcd[] = [];
  let dead = 0;
  beforeEach(async () => {
    plain = await startPuppetIrcd();
    secure = await startPuppetIrcd(readFileSync(files.cert, 'utf8') + readFileSync(files.key, 'utf8'));
    dead = await freePort();
  });
  afterEach(async () => {
    await plain?.[Symbol.asyncDispose]();
    await secure?.[Symbol.asyncDispose]();
  });

  interface Change {
    readonly tls?: string;
    readonly settings?: Settings;
    readonly resume?: string;
    readonly options?: object;
  }
  function connecting({ options: more, ...change }: Change = {}) {
    const us = new TestSession();
    const server = { address: ['127.0.0.1'], ca: files.cert, ports: { tls: [dead], plain: [plain?.port ?? 0] } };
    const options = { tls: change.tls ?? 'preferred', servers: { localhost: server }, ...more };
    const done = openWith(us, { port: 0, nick: 'juliet', on: 'localhost', ...change, options }).then(
      () => us,
      (error: unknown) => error,
    );
    return { us, done };
  }
  async function offersTls(value: string) {
    const client = await plain?.next();
    await client?.expect(/^USER/);
    client?.say(`:s.test CAP * LS :sts=${value} batch`);
    return client;
  }

  test('told in plain text: over to TLS, where it is remembered, written down, and heeded from the first try on', async () => {
    const { us, done } = connecting();
    const first = await offersTls(`port=${secure?.port},duration=5`);
    const second = await secure?.next();
    await second?.welcome({ caps: 'sts=duration=1000' });
    expect(await done).toBe(us);
    expect(first?.lines.all.some((line) => line.startsWith('CAP REQ'))).toBe(false);
    expect(us.resume).toContain(`["127.0.0.1",${secure?.port},1000,`);
    us.stop.abort(new Error('over'));
    const again = connecting({ ...(us.resume !== undefined && { resume: us.resume }) });
    await (await secure?.next())?.welcome();
    expect(await again.done).toBe(again.us);
    again.us.stop.abort(new Error('over'));
  });

  test('where TLS fails then, nothing goes on in plain text', async () => {
    const { done } = connecting();
    await offersTls(`port=${await freePort()}`);
    expect(await done).toMatchObject({ code: 'no-connection' });
    const saved = JSON.stringify({ sts: [['127.0.0.1', dead, 1000, 4_000_000_000_000]] });
    const never = plain?.next().then(() => 'plain text');
    expect(await Promise.race([never, connecting({ resume: saved }).done])).toMatchObject({ code: 'no-connection' });
  });

  test('a duration in plain text says nothing, nor does any over a certificate that nobody vouches for', async () => {
    const { us, done } = connecting();
    const client = await plain?.next();
    await client?.welcome({ caps: 'sts=duration=1000' });
    await done;
    expect(us.resume).toBeUndefined();
    us.stop.abort(new Error('over'));
    dead = secure?.port ?? 0;
    const unverified = connecting({ settings: { verify_cert: false } });
    await (await secure?.next())?.welcome({ caps: 'sts=duration=1000' });
    expect(await unverified.done).toBe(unverified.us);
    expect(unverified.us.resume).toBeUndefined();
    unverified.us.stop.abort(new Error('over'));
  });

  test('who answers behind a proxy of a user’s own makes no policy for the host that all others go to', async () => {
    await using proxy = await startSocksProxy(() => secure?.port ?? 0);
    const settings = { proxy: `socks5://127.0.0.1:${proxy.port}` };
    const { us, done } = connecting({ settings, options: { privateAddresses: true } });
    await (await secure?.next())?.welcome({ caps: 'sts=duration=1000' });
    expect(await done).toBe(us);
    expect(us.resume).toBeUndefined();
    us.stop.abort(new Error('over'));
  });

  test.each<readonly [string, object, Settings]>([
    ['PASS', {}, { pass: 'sesame' }],
    ['WEBIRC', { webirc: { password: 'sesame' } }, {}],
    ['neither', {}, {}],
  ])('no secret is said in plain text before a policy can be known: %s', async (what, options, settings) => {
    const { us, done } = connecting({ settings, options });
    const first = await Promise.race([plain?.next(), done]);
    if (what !== 'neither') {
      expect(first).toMatchObject({ code: 'no-connection' });
      return;
    }
    expect(first).toBeInstanceOf(PuppetClient);
    us.stop.abort(new Error('over'));
  });

  test("`off` is the operator's word", async () => {
    const { us, done } = connecting({ tls: 'off' });
    await (await plain?.next())?.welcome({ caps: `sts=port=${secure?.port}` });
    expect(await done).toBe(us);
    us.stop.abort(new Error('over'));
  });

  test('a new policy later is heeded too (cap-notify)', async () => {
    const { us, done } = connecting();
    await offersTls(`port=${secure?.port}`);
    const client = await (await secure?.next())?.welcome();
    await done;
    expect(us.resume).toBeUndefined();
    client?.say(':s.test CAP juliet NEW :sts=duration=77', 'PING :mark');
    await client?.expect(/^PONG/);
    expect(us.resume).toContain(',77,');
    us.stop.abort(new Error('over'));
  });
});
