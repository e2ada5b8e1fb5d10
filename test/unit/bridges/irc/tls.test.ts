/** TLS with a real server: required by default, certificates verified, by the server's name wherever it really is. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startInspircd } from '../../../harness/inspircd.ts';
import { connectSession, openWith, TestSession } from '../../../harness/irc-session.ts';
import type { Ircd } from '../../../harness/ircd.ts';

let ircd: Ircd;
beforeAll(async () => {
  ircd = await startInspircd();
});
afterAll(() => ircd[Symbol.asyncDispose]());

const at = (nick: string, options: object) => ({
  port: ircd.port,
  nick,
  options: { tls: 'required', servers: { 'irc.test': { address: [`localhost:${ircd.tls?.port}`] } }, ...options },
});

test('a certificate that nobody vouches for is refused, with a sentence', async () => {
  await expect(connectSession(at('alice', {}))).rejects.toMatchObject({
    code: 'no-connection',
    message: expect.stringMatching(/certificate .* is not trusted/),
  });
});

test('a trusted certificate that is for another name is refused', async () => {
  await expect(connectSession(at('alice', { ca: ircd.tls?.ca }))).rejects.toMatchObject({
    message: expect.stringMatching(/certificate .* is for another name/),
  });
});

test('a trusted certificate for the right name lets us in', async () => {
  const tested = new TestSession();
  await using _ = tested;
  const servers = { localhost: { address: [`127.0.0.1:${ircd.tls?.port}`], ca: ircd.tls?.ca } };
  await openWith(tested, { ...at('alice', { servers }), on: 'localhost' });
  await tested.join('#secure');
  await tested.say('#secure', 'x');
});

test('preferred: an untrusted certificate leads to plain text where there is a port for it, and it is said', async () => {
  const servers = { 'irc.test': { address: ['127.0.0.1'] } };
  const ports = { tls: [ircd.tls?.port], plain: [ircd.port] };
  const tested = await connectSession(at('bob', { tls: 'preferred', servers, ports }));
  await using _ = tested;
  await tested.event('notice', ({ text }) => /not encrypted/.test(text.plain));
});
