/** What Discord's errors mean: to whoever asked, and for another try. */
import { expect, test } from 'vitest';
import { asked, refusalOf } from '../../../../bridges/discord/refusals.ts';
import { germanSentences } from '../../../../bridges/discord/sentences-german.ts';
import { GatewayError } from '../../../../src/bridge/index.ts';
import { createTranslate } from '../../../../src/core/sentences.ts';

const failure = (facts: object): Error => Object.assign(new Error('no'), facts);

test.each([
  [{ name: 'DiscordAPIError[50013]', status: 403, code: 50013 }, 'not-allowed-there', 'stop'],
  [{ status: 403, code: 4242 }, 'not-allowed-there', 'stop'],
  [{ status: 403, code: 40333 }, 'network-away', 'later'],
  [{ status: 404, code: 10003 }, 'no-such-room', 'stop'],
  [{ status: 404, code: 10008 }, 'no-such-message', 'stop'],
  [{ status: 404, code: 0 }, 'no-such-item', 'stop'],
  [{ status: 400, code: 50035 }, 'bad-value', 'stop'],
  [{ status: 401, code: 0 }, 'login-refused', 'pause'],
  [{ status: 413, code: 40005 }, 'message-too-long', 'stop'],
  [{ status: 502, name: 'HTTPError' }, 'network-away', 'later'],
  [{ message: 'Expected token to be set for this request, but none was present' }, 'login-refused', 'pause'],
  [{ name: 'AbortError' }, 'outcome-unknown', 'later'],
  [{ code: 'ECONNRESET' }, 'outcome-unknown', 'later'],
  [{ code: 'UND_ERR_SOCKET' }, 'outcome-unknown', 'later'],
  [{ code: 'ECONNREFUSED' }, 'network-away', 'later'],
  [{ code: 'ENOTFOUND' }, 'network-away', 'later'],
] as const)('%o is %s: %s', (facts, code, next) => {
  const error = refusalOf(failure(facts));
  expect(error).toBeInstanceOf(GatewayError);
  expect(error instanceof GatewayError && [error.code, error.next]).toEqual([code, next]);
});

test.each([
  [
    { content: { _errors: [{ code: 'BASE_TYPE_REQUIRED', message: 'Required.' }] } },
    'Discord wants something in “content”.',
  ],
  [
    { embeds: { 0: { title: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 256 or fewer.' }] } } } },
    '“embeds.0.title” is too long or too short for Discord.',
  ],
  [
    { username: { _errors: [{ code: 'USERNAME_INVALID', message: 'No\nsuch name.' }] } },
    'Discord does not take what is in “username”: No such name.',
  ],
  [{ _errors: [{ code: 'X', message: 'All of it.' }] }, 'Discord refused it: Invalid Form Body'],
  [undefined, 'Discord refused it: Invalid Form Body'],
  [{ a: { a: { a: { a: { a: { a: { a: { a: { a: { a: {} } } } } } } } } } }, 'Discord refused it: Invalid Form Body'],
])('a form with faults: %o', (errors, text) => {
  const rawError = { code: 50035, message: 'Invalid Form Body', errors };
  expect(refusalOf(failure({ status: 400, code: 50035, message: 'Invalid Form Body', rawError }))).toMatchObject({
    code: 'bad-value',
    message: text,
  });
});

test('GEN-10 who is refused something is told so in our words, and what nobody knows in Discord’s', () => {
  const translate = createTranslate({ de: germanSentences });
  const told = (code: number, message: string) => {
    const error = refusalOf(failure({ status: 403, code, message }));
    return error instanceof GatewayError && [error.message, translate(error.message, 'de')];
  };
  expect(told(50013, 'Missing Permissions')).toEqual([
    'The bot lacks the permission for that here.',
    'Dazu hat der Bot hier nicht die Berechtigung.',
  ]);
  expect(told(99_999, 'Not today.')).toEqual([
    'Discord refused it: Not today.',
    'Discord hat es abgelehnt: Not today.',
  ]);
});

test('who is too fast waits as long as Discord says', () => {
  const limited = refusalOf(failure({ name: 'RateLimitError[/channels/:id]', timeToReset: 61_000 }));
  const slow = refusalOf(failure({ status: 429, code: 20016, rawError: { retry_after: 4.2 } }));
  const waits = [limited, slow].map((error) => error instanceof GatewayError && error.details.retryAfterMs);
  expect(waits).toEqual([61_000, 4200]);
});

test('a bug stays a bug, and who gave up hears their own reason', async () => {
  const bug = new TypeError('undefined is not a function');
  expect(refusalOf(bug)).toBe(bug);
  const reason = new GatewayError('timed-out');
  await expect(asked(Promise.reject(failure({ name: 'AbortError' })), AbortSignal.abort(reason))).rejects.toBe(reason);
  await expect(asked(Promise.resolve(7))).resolves.toBe(7);
});

test('what it says is short and on one line', () => {
  const error = refusalOf(failure({ status: 400, code: 50035, message: `Invalid\nForm Body ${'x'.repeat(900)}` }));
  expect(error instanceof GatewayError && error.message.length).toBeLessThan(340);
  expect(String(error)).not.toContain('\n');
});
