/** Late resolution: what is on its way is waited for, what is forgotten is looked up, what can not be named is said in words. */

import { describe, expect, test, vi } from 'vitest';
import { createDeeds } from '../../../src/accounts/deeds.ts';
import type { Session } from '../../../src/bridge/contract.ts';
import { plainText } from '../../../src/core/content.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { deliveryKey, messageId, personId } from '../../../src/core/ids.ts';
import type { DurableIntent, Origin } from '../../../src/core/intent.ts';
import { createFace } from '../../../src/gateway/create-face.ts';
import { createLooks } from '../../../src/gateway/rooms/looks.ts';
import type { ArchiveName, ArchiveRow } from '../../../src/storage/ports.ts';
import { addresses, inVerona, room, sessionOf } from '../gateway/rooms/world.ts';
import { createTestWorld, desk, romeo, verona } from './account-world.ts';

const origin: Origin = { from: desk, to: room, via: 'message', type: 'groupchat', stanzaId: 'm2', at: 0 };
const row: ArchiveRow = {
  account: romeo,
  chat: verona,
  id: 'old-name',
  at: 1,
  nick: 'juliet',
  body: '<body>long ago</body>',
  refs: [{ id: messageId('old-ref'), part: 0 }],
  by: personId('juliet'),
};

function setUp(more: Partial<Session> = {}, rows: readonly ArchiveRow[] = []) {
  const { world } = createTestWorld();
  const { face, session, says } = inVerona(['Romeo', 'juliet'], [desk]);
  const find = vi.fn(async (_: unknown, __: unknown, naming: ArchiveName) =>
    rows.find((one) =>
      'id' in naming ? one.id === naming.id : 'ref' in naming && one.refs?.[0]?.id === naming.ref.id,
    ),
  );
  const deeds = createDeeds({ id: romeo, domain: 'irc.test', owner: 'romeo@test' }, face, {
    ...world,
    archive: { ...world.archive, ...(rows.length > 0 && { find }) },
  });
  const sent: string[] = [];
  const live: Session = {
    ...session,
    async send(content) {
      sent.push(content.text?.plain ?? '');
      return { refs: [{ id: messageId(`sent${sent.length}`), part: 0 }], at: 5 };
    },
    ...more,
  };
  const signal = new AbortController().signal;
  const to = { chat: verona, key: deliveryKey('1-0'), number: 1, signal };
  const taken = <Intent extends DurableIntent>(intent: Intent) => ({ key: to.key, intent, origin, attempt: 1, signal });
  return { face, deeds, live, sent, to, taken, says, find, now: world.clock.now };
}
const react = (stanzaId: string, ...emoji: readonly string[]) =>
  ({ kind: 'react', chat: verona, target: { stanzaId }, emoji }) as const;
const retract = (stanzaId: string) => ({ kind: 'retract', chat: verona, target: { stanzaId } }) as const;

describe('what is on its way', () => {
  test('is waited for, and fails with it', async () => {
    const { deeds, live, to, taken } = setUp({ retractions: { retract: async () => {} } });
    const flight = { key: to.key, origin: { ...origin, stanzaId: 'm1', originId: 'o1' } };
    deeds.trying(flight);
    const tried = deeds.retract(taken(retract('o1')), live, to);
    deeds.landed(flight, new GatewayError('network-away'));
    await expect(tried).rejects.toMatchObject({ code: 'network-away' });
  });

  test('refused for good, it can not be meant', async () => {
    const { deeds, live, to, taken } = setUp({ retractions: { retract: async () => {} } });
    const flight = { key: to.key, origin: { ...origin, stanzaId: 'm1' } };
    deeds.trying(flight);
    const tried = expect(deeds.retract(taken(retract('m1')), live, to)).rejects.toMatchObject({
      code: 'no-such-message',
    });
    deeds.landed(flight, new GatewayError('banned'));
    await tried;
  });
});

describe('what is forgotten', () => {
  test('359-01 is looked up by its name, once', async () => {
    const reactions = { react: vi.fn(async () => {}) };
    const { deeds, live, to, taken, find } = setUp({ reactions }, [row]);
    await deeds.react(taken(react('old-name', '👍')), live, to);
    await deeds.react(taken(react('old-name', '👍')), live, to);
    expect(reactions.react).toHaveBeenCalledWith({ id: 'old-ref', part: 0 }, ['👍'], to, []);
    expect(find).toHaveBeenCalledTimes(1);
  });

  test('what the archive knows without a name of the network’s can’t be taken back there, and is reacted to in words', async () => {
    const { refs, by, ...own } = row;
    const reactions = { react: vi.fn(async () => {}) };
    const retractions = { retract: vi.fn(async () => {}) };
    const { deeds, live, to, taken, sent } = setUp({ reactions, retractions }, [own]);
    await expect(deeds.retract(taken(retract('old-name')), live, to)).rejects.toMatchObject({ code: 'network-cannot' });
    await deeds.react(taken(react('old-name', '👍')), live, to);
    expect(sent).toEqual(['reacted with 👍 to juliet: “long ago”']);
    expect([reactions.react.mock.calls, retractions.retract.mock.calls]).toEqual([[], []]);
  });

  test('a correction means the message that it corrects', async () => {
    const reactions = { react: vi.fn(async () => {}) };
    const { refs, ...rest } = row;
    const edit: ArchiveRow = { ...rest, id: 'edit', kind: 'edit', about: row.id };
    const { deeds, live, to, taken } = setUp({ reactions }, [edit, row]);
    await deeds.react(taken(react('edit', '👍')), live, to);
    expect(reactions.react).toHaveBeenCalledWith({ id: 'old-ref', part: 0 }, ['👍'], to, []);
  });

  test('an event about it waits until it was looked for; one about what is known does not', async () => {
    const { deeds, says, find } = setUp({}, [row]);
    const ref = { id: messageId('new-ref'), part: 0 };
    says('juliet', 'hi', { ref });
    const event = { kind: 'retracted', chat: verona, by: personId('juliet'), at: new Date(0) } as const;
    expect(deeds.recall({ ...event, target: ref })).toBeUndefined();
    expect(find).not.toHaveBeenCalled();
    await deeds.recall({ ...event, target: { id: messageId('old-ref'), part: 0 } });
    expect(find).toHaveBeenCalledOnce();
    expect(deeds.recall({ kind: 'notice', text: plainText('x'), at: new Date(0) })).toBeUndefined();
  });

  test('425-02 nowhere to be found: an error, a reply with what it quotes', async () => {
    const { deeds, live, to, taken } = setUp({}, [row]);
    await expect(deeds.react(taken(react('unknown', '👍')), live, to)).rejects.toMatchObject({
      condition: 'item-not-found',
    });
    const replyTo = { stanzaId: 'unknown', fallback: '> a\n' };
    expect(await deeds.content(verona, { text: plainText('b'), replyTo }, live)).toMatchObject({
      content: { text: { plain: '> a\nb' } },
    });
  });
});

describe('what the network can name', () => {
  test('461-01 a reply has the reference; without asking nothing is waited for', async () => {
    const { deeds, live, says } = setUp({ replies: { canName: ({ id }) => id === 'tagged' } });
    const [tagged] = says('juliet', 'hi', { ref: { id: messageId('tagged'), part: 0 } });
    const [bare] = says('juliet', 'ho', { ref: { id: messageId('bare'), part: 0 } });
    const answer = (stanzaId: string | undefined) =>
      deeds.content(verona, { text: plainText('x'), replyTo: { stanzaId: stanzaId ?? '', nick: 'tybalt' } }, live);
    const text = plainText('x');
    expect(answer(tagged?.id)).toEqual({ content: { text, replyTo: { id: 'tagged', part: 0 } }, standsIn: true });
    expect(answer(bare?.id)).toEqual({ content: { text: plainText('juliet: x') }, standsIn: true });
    Object.assign(live.replies ?? {}, { inWordsToo: true });
    expect(answer(tagged?.id)).toEqual({
      content: { text: plainText('juliet: x'), replyTo: { id: 'tagged', part: 0 } },
      standsIn: true,
    });
    expect(await answer('nothing')).toEqual({ content: { text: plainText('tybalt: x') }, standsIn: true });
  });

  test('a reaction that it can not is said in words, once', async () => {
    const cannot = { react: () => Promise.reject(new GatewayError('network-cannot')) };
    const { deeds, face, live, to, taken, says, sent } = setUp({ reactions: cannot });
    const [said] = says('juliet', 'hi');
    const name = said?.id ?? '';
    for (const _ of [1, 2]) await deeds.react(taken(react(name, '👍')), live, to);
    expect(sent).toEqual(['reacted with 👍 to juliet: “hi”']);
    expect(face.find(verona, { stanzaId: name })?.told?.has('👍')).toBe(true);
  });

  test('a correction that it takes no longer is said in words', async () => {
    const edit = vi.fn(async () => ({ refs: [], at: 5 }));
    const { deeds, live, to, taken, says, sent, now } = setUp({ edits: { edit } });
    const [said] = says('romeo', 'but sort', { sentBy: deliveryKey('0-9'), at: new Date(now() - 1000) });
    const target = { stanzaId: said?.id ?? '' };
    const intent = { kind: 'edit', chat: verona, target, content: { text: plainText('but soft') } } as const;
    const within = (editWindowMs: number): Session => ({
      ...live,
      limits: (chat) => ({ ...live.limits(chat), editWindowMs }),
    });
    await deeds.edit(taken(intent), within(1000), to);
    expect([edit.mock.calls.length, sent]).toEqual([1, []]);
    await deeds.edit(taken(intent), within(999), to);
    expect([edit.mock.calls.length, sent]).toEqual([1, ['[edited] but soft']]);
  });

  test('any other failure of a reaction is its sender’s to know', async () => {
    const away = { react: () => Promise.reject(new GatewayError('network-away')) };
    const { deeds, live, to, taken, says, sent } = setUp({ reactions: away });
    const [said] = says('juliet', 'hi');
    await expect(deeds.react(taken(react(said?.id ?? '', '👍')), live, to)).rejects.toMatchObject({
      code: 'network-away',
    });
    expect(sent).toEqual([]);
  });
});

test('a face that knows nothing finds nothing', () => {
  const face = createFace({
    domain: 'irc.test',
    account: { id: romeo, owner: 'romeo@test' },
    addresses,
    newId: () => 'x',
    occupantId: () => 'x',
    looks: createLooks(),
    now: () => 0,
  });
  face.attach(sessionOf('romeo'));
  expect(face.find(verona, { stanzaId: 'x' })).toBeUndefined();
  expect(face.lastOwn(verona)).toBeUndefined();
});
