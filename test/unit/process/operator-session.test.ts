/** Who may see the operator's page. */
import { expect, test } from 'vitest';
import { Secret } from '../../../src/ops/secret.ts';
import { createOperatorSessions } from '../../../src/process/operator-session.ts';

const token = 'a token of the tests, long enough';

function scene(text = token) {
  const clock = { at: 1_000_000, now: () => clock.at };
  return { clock, sessions: createOperatorSessions(new Secret(text), clock) };
}
const cookieOf = (header: string | undefined): string => (header ?? '').split(';', 1)[0] ?? '';

test('the token opens it, for this browser alone and out of reach of scripts and other sites', () => {
  const { sessions } = scene();
  const header = sessions.logIn(token, true);
  expect(header).toMatch(/^isthmus-operator=\S+; Max-Age=28800; HttpOnly; SameSite=Strict; Secure$/);
  expect(sessions.logIn(token, false)).not.toContain('Secure');
  expect(header).not.toContain(token);
  expect(sessions.proofOf(`other=1; ${cookieOf(header)}; more=2`)).toMatch(/^[\w-]{43}$/);
});

test('nothing else does, and nothing that was made up or changed', () => {
  const { sessions } = scene();
  for (const wrong of ['', token.slice(1), `${token} `, token.toUpperCase()])
    expect(sessions.logIn(wrong, false)).toBeUndefined();
  const cookie = cookieOf(sessions.logIn(token, false));
  const [name = '', until = '', nonce = '', mac = ''] = cookie.split(/[=.]/);
  for (const made of [
    '',
    'isthmus-operator=',
    `${name}=${until}.${nonce}.x`,
    `${name}=${Number(until) + 1}.${nonce}.${mac}`,
  ])
    expect(sessions.proofOf(made)).toBeUndefined();
});

test('for eight hours', () => {
  const { sessions, clock } = scene();
  const cookie = cookieOf(sessions.logIn(token, false));
  clock.at += 8 * 3_600_000 - 1;
  expect(sessions.proofOf(cookie)).toBeDefined();
  clock.at += 1;
  expect(sessions.proofOf(cookie)).toBeUndefined();
});

test('every process of the gateway knows it, also after a restart; with another token it is over', () => {
  const cookie = cookieOf(scene().sessions.logIn(token, false));
  expect(scene().sessions.proofOf(cookie)).toBe(scene().sessions.proofOf(cookie));
  expect(scene('another token, as long as that').sessions.proofOf(cookie)).toBeUndefined();
});

test('however many wrong ones somebody tries, the right one opens it', () => {
  const { sessions } = scene();
  for (let i = 0; i < 100; i++) expect(sessions.logIn('wrong', false)).toBeUndefined();
  expect(sessions.logIn(token, false)).toContain('isthmus-operator=');
});
