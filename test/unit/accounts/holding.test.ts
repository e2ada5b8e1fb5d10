/** What is said in a room while its gap is being told. */
import { expect, test } from 'vitest';
import { createHolding, type Holding } from '../../../src/accounts/holding.ts';
import type { MemberChange, MessageEvent, NetworkEvent } from '../../../src/core/event.ts';
import { accountId, chatId, deliveryKey, messageId, personId } from '../../../src/core/ids.ts';
import { createErrorLog } from '../../harness/error-log.ts';
import { settle } from '../../harness/manual-clock.ts';

const verona = chatId('#verona');

const said = (id: string, more: Partial<MessageEvent> = {}): MessageEvent => ({
  kind: 'message',
  at: new Date(0),
  chat: verona,
  by: personId('juliet'),
  nick: 'juliet',
  ref: { id: messageId(id), part: 0 },
  content: {},
  ...more,
});

function setUp(known: readonly string[] | Error = [], me = () => personId('romeo')) {
  const told: NetworkEvent[] = [];
  const hear = (event: NetworkEvent): void => {
    if (!holding.holds(event)) told.push(event);
  };
  const bugs: string[] = [];
  const holding: Holding = createHolding(accountId('romeo on net'), {
    doubles: {
      besides: async (messages) => {
        if (known instanceof Error) throw known;
        return messages.filter(({ ref }) => !known.includes(ref.id));
      },
    },
    take: hear,
    me,
    log: createErrorLog(bugs),
    signal: new AbortController().signal,
  });
  const nameOf = (one: NetworkEvent): string => {
    if (one.kind === 'message') return String(one.ref.id);
    return one.kind === 'members' ? one.changes.map(({ is }) => is).join() || 'list' : one.kind;
  };
  const ids = (): readonly string[] => told.map(nameOf);
  return { holding, hear, ids, bugs };
}

test('MSG-08 what is said meanwhile is told behind the gap, in its order; what the gap had is not told again', async () => {
  const { holding, hear, ids, bugs } = setUp(['2']);
  const { promise, resolve } = Promise.withResolvers<void>();
  holding.until(verona, promise);
  hear(said('past', { history: true }));
  for (const id of ['1', '2', '3']) hear(said(id));
  hear({ kind: 'retracted', at: new Date(0), chat: verona, by: personId('juliet'), target: said('3').ref });
  hear(said('elsewhere', { chat: chatId('#mantua') }));
  expect(ids()).toEqual(['past', 'elsewhere']);
  resolve();
  await settle();
  hear(said('4'));
  expect([ids(), bugs]).toEqual([['past', 'elsewhere', '1', '3', 'retracted', '4'], []]);
});

test('one’s own words wait for nothing, nor does anything where there is no gap', () => {
  const { holding, hear, ids } = setUp();
  hear(said('1'));
  holding.until(verona, new Promise(() => undefined));
  hear(said('own', { sentBy: deliveryKey('1-1') }));
  expect(ids()).toEqual(['1', 'own']);
});

test('where the archive can’t say what the gap had, what waited is told', async () => {
  const { holding, hear, ids, bugs } = setUp(new Error('the database is locked'));
  holding.until(verona, Promise.resolve());
  for (const id of ['1', '2']) hear(said(id));
  await settle();
  expect(ids()).toEqual(['1', '2']);
  expect(bugs.join()).toContain('the database is locked');
});

const members = (...changes: readonly MemberChange[]): NetworkEvent => ({
  kind: 'members',
  at: new Date(0),
  chat: verona,
  changes,
});
const person = (nick: string) => ({ person: personId(nick) });
const isOut = (nick: string) => ({ is: 'out', ...person(nick), how: 'left' }) as const;
const isIn = (nick: string) => ({ is: 'in', member: { ...person(nick), nick, power: 'participant' } }) as const;

test('MSG-08 who has said something of it goes, comes again and is called otherwise behind that; others at once', async () => {
  const { holding, hear, ids } = setUp();
  const { promise, resolve } = Promise.withResolvers<void>();
  holding.until(verona, promise);
  hear(members(isOut('tybalt')));
  hear(said('1'));
  hear(members({ is: 'power', ...person('juliet'), power: 'voiced' }));
  hear(members({ is: 'renamed', ...person('juliet'), nick: 'Capulet', as: personId('capulet') }));
  hear(members({ is: 'power', ...person('capulet'), power: 'moderator' }));
  hear(said('2', { by: personId('capulet'), nick: 'Capulet' }));
  hear(members(isOut('capulet'), isOut('nurse')));
  hear(members(isIn('nurse')));
  hear(members(isIn('tybalt')));
  expect(ids()).toEqual(['out', 'power', 'in']);
  resolve();
  await settle();
  hear(members(isOut('nurse')));
  expect(ids()).toEqual(['out', 'power', 'in', '1', 'renamed', 'power', '2', 'out,out', 'in', 'out']);
});

test('MSG-08 who takes a name whose last holder’s leave waits, takes it behind that', async () => {
  const { holding, hear, ids } = setUp();
  const { promise, resolve } = Promise.withResolvers<void>();
  holding.until(verona, promise);
  hear(said('1'));
  hear(members(isOut('juliet')));
  hear(members(isIn('rosaline')));
  hear(members({ is: 'renamed', ...person('rosaline'), nick: 'juliet', as: personId('juliet') }));
  hear(members(isOut('rosaline'), isOut('juliet')));
  resolve();
  await settle();
  expect(ids()).toEqual(['in', '1', 'out', 'renamed', 'out,out']);
});

test('MSG-08 that somebody leaves whose name we take is told before that, and not of ourselves', async () => {
  let me = personId('romeo');
  const { holding, hear, ids } = setUp([], () => me);
  const { promise, resolve } = Promise.withResolvers<void>();
  holding.until(verona, promise);
  hear(said('1'));
  hear(members(isOut('juliet')));
  hear(members(isOut('nurse')));
  // A session is called otherwise before it tells so.
  me = personId('juliet');
  hear(members({ is: 'renamed', ...person('romeo'), nick: 'juliet', as: personId('juliet') }));
  expect(ids()).toEqual(['out', 'out', 'renamed']);
  resolve();
  await settle();
  expect(ids()).toEqual(['out', 'out', 'renamed', '1']);
});

test('what becomes of ourselves waits for nothing, and a new list is told at once, in the place of what waited of people', async () => {
  const { holding, hear, ids } = setUp();
  const { promise, resolve } = Promise.withResolvers<void>();
  holding.until(verona, promise);
  hear(said('1', { by: personId('romeo') }));
  hear(members({ is: 'renamed', ...person('romeo'), nick: 'montague' }));
  hear(said('2'));
  hear(members(isOut('juliet')));
  hear({ kind: 'members', at: new Date(0), chat: verona, changes: [], complete: true });
  expect(ids()).toEqual(['renamed', 'list']);
  hear(members(isIn('juliet')));
  hear(members(isOut('juliet')));
  resolve();
  await settle();
  expect(ids()).toEqual(['renamed', 'list', 'in', '1', '2', 'out']);
});

test('that we are put out of the room waits for what waits there, and for that alone', async () => {
  const { holding, hear, ids } = setUp(['2']);
  holding.until(verona, new Promise(() => undefined));
  const put = (chat: typeof verona): NetworkEvent => ({ kind: 'removed', at: new Date(0), chat, how: 'kicked' });
  for (const id of ['1', '2', '3']) hear(said(id));
  expect(holding.before(put(chatId('#mantua')))).toBeUndefined();
  expect(holding.before(said('4'))).toBeUndefined();
  await holding.before(put(verona));
  hear(put(verona));
  expect(ids()).toEqual(['1', '3', 'removed']);
  expect(holding.before(put(verona))).toBeUndefined();
});
