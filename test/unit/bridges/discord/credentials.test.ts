/** Tokens of bots are taken as people copy them; a person's is refused with the reason, and no refusal repeats it. */
import { expect, test } from 'vitest';
import { botToken } from '../../../../bridges/discord/credentials.ts';
import { GatewayError } from '../../../../src/bridge/index.ts';

const refusal = (typed: string): GatewayError => {
  try {
    botToken(typed);
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  throw new Error('it was taken');
};

test.each([
  ['MTIz.GaBcDe.f-_h', 'MTIz.GaBcDe.f-_h'],
  ['  Bot MTIz.GaBcDe.fgh\n', 'MTIz.GaBcDe.fgh'],
])('%j', (typed, token) => expect(botToken(typed)).toBe(token));

test.each(['mfa.abcdefgh', 'Bearer abc.def.ghi'])('a person’s: %s', (typed) => {
  const error = refusal(typed);
  expect([error.code, error.next]).toEqual(['login-refused', 'pause']);
  expect(error.message).toContain('Discord forbids programs that act as a person');
});

test.each(['', 'hunter2', 'a.b', 'a.b.c.d', 'a.b.c\r\nHost: x'])('none at all: %j', (typed) => {
  const { message, code } = refusal(typed);
  expect(code).toBe('login-refused');
  if (typed.length > 3) expect(message).not.toContain(typed);
});
