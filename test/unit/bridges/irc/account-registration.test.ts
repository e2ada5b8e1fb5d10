/** Registering an account with the services over IRC (draft/account-registration). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AccountRegistration } from '../../../../src/bridge/index.ts';
import { live, openWith, TestSession } from '../../../harness/irc-session.ts';
import { createManualClock, type ManualClock } from '../../../harness/manual-clock.ts';
import { type PuppetClient, type PuppetIrcd, startPuppetIrcd } from '../../../harness/puppet-ircd.ts';

let ircd: PuppetIrcd;
let clock: ManualClock;
beforeEach(async () => {
  ircd = await startPuppetIrcd();
  clock = createManualClock();
});
afterEach(() => ircd[Symbol.asyncDispose]());

async function connected(value = '') {
  const us = new TestSession();
  const done = openWith(us, { port: ircd.port, nick: 'juliet', clock });
  const server: PuppetClient = await ircd.next();
  await server.expect(/^USER/);
  server.say(`:s.test CAP * LS :draft/account-registration${value}`);
  await server.expect(/^CAP REQ draft\/account-registration$/);
  server.say(':s.test CAP * ACK :draft/account-registration');
  await server.expect(/^CAP END$/);
  server.say(':s.test 001 juliet :hi', ':s.test 422 juliet :none');
  await done;
  return { us, server };
}
function of(us: TestSession): AccountRegistration {
  const found = us.live.accountRegistration;
  if (found === undefined) throw new Error('no registration');
  return found;
}

test('registered at once', async () => {
  const { us, server } = await connected();
  await using _ = us;
  const done = of(us).register(undefined, 'hunter2 with spaces', live());
  await server.expect(/^REGISTER \* \* :hunter2 with spaces$/);
  server.say(':s.test REGISTER SUCCESS juliet :Account successfully registered');
  expect(await done).toEqual({ account: 'juliet', needsCode: false, text: 'Account successfully registered' });
});

test('with a code that is mailed', async () => {
  const { us, server } = await connected('=before-connect,email-required');
  await using _ = us;
  await expect(of(us).register(undefined, 'hunter2', live())).rejects.toMatchObject({ code: 'bad-request' });
  const done = of(us).register('juliet@example.org', 'hunter2', live());
  await server.expect(/^REGISTER \* juliet@example\.org hunter2$/);
  server.say(':s.test REGISTER VERIFICATION_REQUIRED juliet :A code has been sent');
  expect(await done).toMatchObject({ account: 'juliet', needsCode: true });
  const wrong = of(us).verify('juliet', 'nonsense', live());
  await server.expect(/^VERIFY juliet nonsense$/);
  server.say(':s.test FAIL VERIFY INVALID_CODE juliet :That is not the code');
  await expect(wrong).rejects.toMatchObject({ code: 'bad-request', message: 'That is not the code' });
  const right = of(us).verify('juliet', ' 39gvcdg4 ', live());
  await server.expect(/^VERIFY juliet 39gvcdg4$/);
  server.say(':s.test VERIFY SUCCESS juliet :Account successfully registered');
  expect(await right).toMatchObject({ needsCode: false });
});

test.each([
  ['ACCOUNT_EXISTS', 'nick-taken'],
  ['WEAK_PASSWORD', 'bad-request'],
  ['INVALID_EMAIL', 'bad-request'],
  ['TEMPORARILY_UNAVAILABLE', 'not-available'],
  ['ALREADY_AUTHENTICATED', 'network-refused'],
])("refused in the server's words: %s", async (fail, code) => {
  const { us, server } = await connected();
  await using _ = us;
  const done = of(us).register(undefined, 'x', live());
  await server.expect(/^REGISTER/);
  server.say(`:s.test FAIL JOIN OTHER :not ours`, `:s.test FAIL REGISTER ${fail} juliet :No, not so`);
  await expect(done).rejects.toMatchObject({ code, message: 'No, not so' });
});

test.each([
  ['no address', 'x'],
  ['a b@c', 'x'],
  ['a@b\r\nQUIT', 'x'],
  ['a@b', ''],
  ['a@b', 'x'.repeat(301)],
  ['a@b', 'x\r\nQUIT'],
])('nothing is sent of %j %j', async (email, password) => {
  const { us, server } = await connected();
  await using _ = us;
  await expect(of(us).register(email, password, live())).rejects.toMatchObject({ code: 'bad-request' });
  await us.say('romeo', 'x');
  expect(server.lines.all.some((line) => /^(REGISTER|QUIT)/.test(line))).toBe(false);
});

test('one at a time; silence, a lost connection and an abort end it', async () => {
  const { us, server } = await connected();
  await using _ = us;
  const first = of(us).register(undefined, 'x', live());
  await expect(of(us).register(undefined, 'x', live())).rejects.toMatchObject({ code: 'too-fast' });
  const silent = expect(first).rejects.toMatchObject({ code: 'timed-out' });
  await clock.advance(60_000);
  await silent;
  const giving = new AbortController();
  const second = expect(of(us).register(undefined, 'x', giving.signal)).rejects.toMatchObject({ code: 'timed-out' });
  giving.abort();
  await second;
  const third = expect(of(us).register(undefined, 'x', live())).rejects.toMatchObject({ code: 'network-away' });
  server.cut();
  await third;
  expect(us.live.accountRegistration).toBeUndefined();
});

test('not there where the server does not offer it', async () => {
  const us = new TestSession();
  const done = openWith(us, { port: ircd.port, nick: 'juliet' });
  await (await ircd.next()).welcome();
  await done;
  await using _ = us;
  expect(us.live.accountRegistration).toBeUndefined();
});
