/** What is typed is of the moment: tried once, told at once, kept nowhere. */
import { describe, expect, test } from 'vitest';
import { runLines, runTyped } from '../../../src/accounts/typed.ts';
import { plainText } from '../../../src/core/content.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { chatId, deliveryKey } from '../../../src/core/ids.ts';
import { isDeadLetter } from '../../../src/delivery/attempt.ts';
import type { Taken } from '../../../src/delivery/lanes.ts';

const taken = (attempt = 1, signal = new AbortController().signal): Taken => ({
  key: deliveryKey('1-0'),
  intent: { kind: 'send', chat: chatId('#a'), content: { text: plainText('/mode +k sesame') } },
  origin: { from: 'romeo@test/x', to: '#a@net.test', via: 'message', at: 0 },
  attempt,
  signal,
});
const failing = (error: unknown) => () => Promise.reject(error);

describe('a command', () => {
  test('its answer', async () => expect(await runTyped(taken(), async () => 'done')).toBe('done'));

  test('is not run again when it may have been run before', async () => {
    const run = () => Promise.reject(new Error('it was run'));
    await expect(runTyped(taken(2), run)).rejects.toMatchObject({ code: 'no-connection', next: 'stop' });
  });

  test.each(['network-away', 'too-fast', 'timed-out', 'outcome-unknown', 'login-refused'] as const)(
    '%s stops it, and it is no dead letter',
    async (code) => {
      const error = await runTyped(taken(), failing(new GatewayError(code, { text: 'why' }))).catch((one) => one);
      expect(error).toMatchObject({ next: 'stop', message: 'why' });
      expect(isDeadLetter(taken().intent, error)).toBe(false);
    },
  );

  test('what the network refuses is passed on; what ends with the account is for the next owner', async () => {
    await expect(runTyped(taken(), failing(new GatewayError('banned')))).rejects.toMatchObject({ code: 'banned' });
    const over = AbortSignal.abort(new Error('over'));
    const away = failing(new GatewayError('network-away'));
    await expect(runTyped(taken(1, over), away)).rejects.toMatchObject({ code: 'network-away' });
  });
});

describe('lines', () => {
  test('one behind the other, their answers together', async () => {
    const ran: string[] = [];
    const run = async (line: string) => {
      ran.push(line);
      return line === 'b' ? undefined : `did ${line}`;
    };
    expect(await runLines('a\r\n\nb\rc\n', run)).toBe('did a\ndid c');
    expect(ran).toEqual(['a', 'b', 'c']);
    expect(await runLines('b', run)).toBeUndefined();
  });

  test('ten at most', async () => {
    await expect(runLines('x\n'.repeat(11), async () => 'x')).rejects.toMatchObject({ code: 'bad-request' });
  });
});
