/** A refused login is not tried again at once, unless something was changed. */
import { expect, test } from 'vitest';
import type { Identity } from '../../../../bridges/irc/identity.ts';
import { createLoginPauses } from '../../../../bridges/irc/login-pause.ts';
import { GatewayError } from '../../../../src/core/errors.ts';

const identity = (password: string): Identity => ({
  nick: 'juliet',
  username: 'juliet',
  realname: 'juliet',
  login: { username: 'juliet', password, certificate: false, required: true },
  afterConnect: [],
});

test('the refusal stands for five minutes, for that account with those secrets', () => {
  let now = 0;
  const pauses = createLoginPauses({ now: () => now });
  const error = new GatewayError('login-refused', { text: 'No.' });
  expect(pauses.standing('a', identity('x'))).toBeUndefined();
  pauses.refused('a', identity('x'), error);
  expect(pauses.standing('a', identity('x'))).toBe(error);
  expect(pauses.standing('b', identity('x'))).toBeUndefined();
  now = 299_999;
  expect(pauses.standing('a', identity('x'))).toBe(error);
  now = 300_000;
  expect(pauses.standing('a', identity('x'))).toBeUndefined();
});

test('another password, another certificate is tried at once', () => {
  const pauses = createLoginPauses({ now: () => 0 });
  pauses.refused('a', identity('x'), new GatewayError('login-refused'));
  expect(pauses.standing('a', identity('y'))).toBeUndefined();
  pauses.refused('a', { ...identity('x'), certificate: 'one' }, new GatewayError('login-refused'));
  expect(pauses.standing('a', { ...identity('x'), certificate: 'another' })).toBeUndefined();
});

test('whoever the server has let in since is not refused any more', () => {
  const pauses = createLoginPauses({ now: () => 0 });
  pauses.refused('a', identity('x'), new GatewayError('login-refused'));
  pauses.taken('a');
  expect(pauses.standing('a', identity('x'))).toBeUndefined();
});
