/** Questions by CTCP to our user: answered by their own client, by the gateway, or by nobody. */
import { describe, expect, test } from 'vitest';
import { clockText } from '../../../../bridges/irc/ctcp-answers.ts';
import type { Asker, OwnClient, Settings } from '../../../../src/bridge/index.ts';
import { settle } from '../../../harness/manual-clock.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();

/** A client that says what the test wants, and who asked it. */
function client(says: Partial<OwnClient> = {}) {
  const asked: (Asker & { readonly what: string })[] = [];
  const note =
    <T>(what: string, answer: () => Promise<T>) =>
    (asker: Asker): Promise<T> => {
      asked.push({ what, ...asker });
      return answer();
    };
  const own: OwnClient = {
    version: note('version', async () => ({ name: 'Gajim', version: '1.8.4' })),
    time: note('time', async () => ({ utc: new Date('2026-11-21T13:42:07Z'), aheadMinutes: 120 })),
    ping: note('ping', async () => {}),
    ...says,
  };
  return { own, asked };
}

async function answersTo(
  questions: readonly string[],
  { own, settings, options }: { own?: OwnClient; settings?: Settings; options?: object },
): Promise<readonly string[]> {
  const met = await puppets.inRoom('juliet @Romeo', undefined, {
    ...(own !== undefined && { ownClient: own }),
    ...(settings !== undefined && { settings }),
    ...(options !== undefined && { options: { tls: 'off', ...options } }),
  });
  await using us = met.us;
  met.server.say(...questions);
  await mark(met);
  await settle();
  await us.say('#room', 'that is all');
  return met.server.lines.all.filter((line) => line.startsWith('NOTICE'));
}

const to = (target: string, what: string): string => `:Romeo!u@h PRIVMSG ${target} :\x01${what}\x01`;

describe('our user’s client answers', () => {
  test('092-01 202-01 199-01 for itself: software, clock, ping', async () => {
    const { own } = client();
    const all = [to('juliet', 'VERSION'), to('juliet', 'TIME'), to('juliet', 'PING 12 34')];
    expect(await answersTo(all, { own })).toEqual([
      'NOTICE Romeo :\x01VERSION Gajim 1.8.4, through Isthmus, an XMPP gateway\x01',
      'NOTICE Romeo :\x01TIME Sat, 21 Nov 2026 15:42:07 +0200\x01',
      'NOTICE Romeo :\x01PING 12 34\x01',
    ]);
  });

  test('asked by the person alone, or where all of a channel are asked by its member', async () => {
    const { own, asked } = client();
    await answersTo([to('juliet', 'VERSION'), to('#room', 'PING 1')], { own });
    expect(asked).toEqual([
      { what: 'version', person: 'romeo' },
      { what: 'ping', person: 'romeo', chat: '#room' },
    ]);
  });

  test('a ping is answered once the client has answered', async () => {
    const answer = Promise.withResolvers<void>();
    const met = await puppets.inRoom('juliet @Romeo', undefined, {
      ownClient: client({ ping: () => answer.promise }).own,
    });
    await using us = met.us;
    met.server.say(to('juliet', 'PING 1'));
    await mark(met);
    await us.say('#room', 'not yet');
    expect(met.server.lines.all.some((line) => line.startsWith('NOTICE'))).toBe(false);
    answer.resolve();
    await met.server.lines.take((line) => line === 'NOTICE Romeo :\x01PING 1\x01', 'the answer');
  });

  test('not after the connection on which it was asked: the next one says nothing of it', async () => {
    const answer = Promise.withResolvers<undefined>();
    const { own } = client({ version: () => answer.promise });
    const met = await puppets.inRoom('juliet @Romeo', undefined, { ownClient: own });
    await using us = met.us;
    met.server.say(to('juliet', 'VERSION'));
    await mark(met);
    met.server.end();
    await us.event('state', ({ state }) => state === 'reconnecting');
    answer.resolve(undefined);
    await settle();
    expect(met.server.lines.all.some((line) => line.startsWith('NOTICE'))).toBe(false);
  });
});

describe('the gateway answers', () => {
  test('where the client does not say', async () => {
    const { own } = client({ version: async () => undefined, time: async () => undefined });
    const [version, time] = await answersTo([to('juliet', 'VERSION'), to('juliet', 'TIME')], { own });
    expect(version).toBe('NOTICE Romeo :\x01VERSION Isthmus, an XMPP gateway\x01');
    expect(time).toMatch(/TIME .* GMT/);
  });

  test.each([
    ['the user', { settings: { ctcp: 'gateway' } }],
    ['the operator', { options: { ctcp: 'gateway' } }],
  ])('and the client is not asked, as %s wishes', async (_, wish) => {
    const { own, asked } = client();
    const all = [to('juliet', 'VERSION'), to('juliet', 'TIME'), to('juliet', 'PING 7')];
    const [version, , ping] = await answersTo(all, { own, ...wish });
    expect(version).toBe('NOTICE Romeo :\x01VERSION Isthmus, an XMPP gateway\x01');
    expect(ping).toBe('NOTICE Romeo :\x01PING 7\x01');
    expect(asked).toEqual([]);
  });

  test('what a user wishes counts more than what their operator does; what nobody knows not at all', async () => {
    const { own, asked } = client();
    await answersTo([to('juliet', 'PING 7')], { own, settings: { ctcp: 'client' }, options: { ctcp: 'off' } });
    await answersTo([to('juliet', 'PING 7')], { own, settings: { ctcp: 'loudly' }, options: { ctcp: 'gateway' } });
    expect(asked).toHaveLength(1);
  });

  test('what only it knows', async () => {
    const { own, asked } = client();
    const all = [to('juliet', 'CLIENTINFO'), to('juliet', 'SOURCE'), to('juliet', 'DCC SEND x')];
    expect(await answersTo(all, { own })).toHaveLength(2);
    expect(asked).toEqual([]);
  });
});

test('nobody answers, as the user wishes', async () => {
  const { own, asked } = client();
  const all = [to('juliet', 'VERSION'), to('juliet', 'PING 7'), to('juliet', 'SOURCE')];
  expect(await answersTo(all, { own, settings: { ctcp: 'off' } })).toEqual([]);
  expect(asked).toEqual([]);
});

test('three at once are answered, whoever answers', async () => {
  const { own, asked } = client();
  const all = Array.from({ length: 10 }, (_, at) => to('juliet', `PING ${at}`));
  expect(await answersTo(all, { own })).toHaveLength(3);
  expect(asked).toHaveLength(3);
});

test.each([
  [0, '+0000'],
  [-210, '-0330'],
  [845, '+1405'],
])('a clock as clients write it, %i minutes ahead', (ahead, zone) => {
  expect(clockText(new Date('2026-11-21T23:59:00Z'), ahead).slice(-6)).toBe(` ${zone}`);
  expect(clockText(new Date('2026-11-21T23:59:00Z'), 1)).toBe('Sun, 22 Nov 2026 00:00:00 +0001');
});
