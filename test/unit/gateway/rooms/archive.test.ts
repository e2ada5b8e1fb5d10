/** CHECKLIST 11.12: a room's archive, asked as clients ask, over a real store. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import { messageId, personId } from '../../../../src/core/ids.ts';
import { createDecoder } from '../../../../src/gateway/decode/create-decoder.ts';
import type { Asking } from '../../../../src/gateway/face.ts';
import type { ArchiveRow } from '../../../../src/storage/ports.ts';
import { createArchive } from '../../../../src/storage/sql/archive.ts';
import { type Database, openDatabase } from '../../../../src/storage/sql/database.ts';
import type { Element } from '../../../../src/xml/element.ts';
import { bodyOf, child, childrenOf, conditionOf, textOf } from '../../../harness/markup.ts';
import { present } from '../../../harness/present.ts';
import { answers, away, channel, contact, decode, domain, me, server, stranger } from '../decode/world.ts';
import { addresses, asking, inbox, inVerona, noon, phone, stanza } from './world.ts';

const mam = 'urn:xmpp:mam:2';
let database: Database;
let rows: readonly ArchiveRow[];

const keyOf = (from: string) => {
  const decoded = decode(`<iq type='get' id='k' from='${from}' to='${channel}'><metadata xmlns='${mam}'/></iq>`);
  if (decoded.is !== 'question') throw new Error('no question');
  return decoded.account;
};

beforeAll(async () => {
  database = await openDatabase(':memory:');
  const { id: account } = keyOf(me);
  const chat = '#verona' as ArchiveRow['chat'];
  const row = (n: number, more: Partial<ArchiveRow> = {}): ArchiveRow => ({
    account,
    chat,
    id: `id-${String(n).padStart(3, '0')}`,
    at: noon + n * 1000 + 250,
    nick: 'Juliet',
    by: personId('juliet'),
    body: `<body>${n} &lt; 1000</body><occupant-id xmlns='urn:xmpp:occupant-id:0' id='o'/>`,
    stanza: `s-${n}`,
    refs: [{ id: messageId(`m${n}`), part: 0 }],
    ...more,
  });
  const own = row(120, { nick: 'Romeo', by: personId('x') });
  rows = Array.from({ length: 120 }, (_, n) => row(n));
  const { by: _, ...mine } = own;
  const { by: ___, ...ownTo } = row(2);
  const { by: __, ...subject } = row(121, { kind: 'subject', nick: '', body: '<subject>Two households</subject>' });
  const damaged = row(122, { body: '<body>' });
  rows = [...rows, mine, subject];
  await createArchive(database).add([
    ...rows,
    row(60, { id: 'remark', kind: 'remark' }),
    { ...row(1), chat: 'juliet' as never },
    { ...ownTo, chat: 'juliet' as never },
    { ...damaged, chat: '#odd' as never },
    { ...row(123), chat: '#odd' as never },
  ]);
});
afterAll(() => database.close());

const form = (fields: Readonly<Record<string, string | readonly string[]>>, type: string = mam): string => {
  const one = ([name, value]: readonly [string, string | readonly string[]]): string =>
    `<field var='${name}'>${[value]
      .flat()
      .map((text) => `<value>${text}</value>`)
      .join('')}</field>`;
  return `<x xmlns='jabber:x:data' type='submit'>${Object.entries({ FORM_TYPE: type, ...fields })
    .map(one)
    .join('')}</x>`;
};
const rsm = (inside: string): string => `<set xmlns='http://jabber.org/protocol/rsm'>${inside}</set>`;

interface Answer {
  readonly results: readonly Element[];
  readonly ids: readonly (string | undefined)[];
  readonly fin: Element | undefined;
  readonly all: readonly Element[];
}

/** Asks and reads; throws the error's condition where one is answered. */
async function ask(inside: string, to = channel, from = me, attrs = '', older?: Asking['older']): Promise<Answer> {
  const markup = `<iq type='set' id='q' from='${from}' to='${to}'><query xmlns='${mam}'${attrs}>${inside}</query></iq>`;
  return read(await outcome(markup, older), from);
}

async function outcome(markup: string, older?: Asking['older']): Promise<readonly Element[]> {
  const decoded = decode(markup);
  const { from } = stanza(markup);
  if (decoded.is !== 'question') return answers(markup);
  const archive = createArchive(database);
  const signal = new AbortController().signal;
  const asking = { account: decoded.account, session: undefined, archive, older, now: () => noon, signal };
  return inbox(await decoded.question(asking), from.full);
}

function read(all: readonly Element[], from: string): Answer {
  const last = all.at(-1);
  if (last?.attrs.type === 'error') throw new Error(conditionOf(last));
  expect(last?.attrs).toMatchObject({ type: 'result', id: 'q', to: from });
  const results = all.slice(0, -1);
  return { all, results, ids: results.map((one) => child(one, 'result')?.attrs.id), fin: child(last, 'fin') };
}

const setOf = ({ fin }: Answer) => {
  const set = child(fin, 'set');
  return {
    first: textOf(child(set, 'first')),
    index: child(set, 'first')?.attrs.index,
    last: textOf(child(set, 'last')),
    count: textOf(child(set, 'count')),
    complete: fin?.attrs.complete,
  };
};
const ids = (from: number, to: number) => rows.slice(from, to).map(({ id }) => id);

describe('results', () => {
  test('313-02 421-02 each as it was told, forwarded, without to, its fin behind all of them', async () => {
    const answer = await ask(rsm('<max>2</max>'), channel, me, " queryid='f27'");
    const [result] = answer.results;
    expect(result?.attrs).toEqual({ from: channel, to: me });
    expect(child(result, 'result')?.attrs).toEqual({ id: 'id-000', queryid: 'f27' });
    const forwarded = child(child(result, 'result'), 'forwarded', 'urn:xmpp:forward:0');
    expect(child(forwarded, 'delay')?.attrs).toEqual({ stamp: '2026-11-21T12:00:00.250Z' });
    const message = child(forwarded, 'message', 'jabber:client');
    expect(message?.attrs).toEqual({ from: `${channel}/Juliet`, type: 'groupchat', id: 's-0' });
    expect(message && bodyOf(message)).toBe('0 < 1000');
    expect(child(message, 'stanza-id')?.attrs).toEqual({ by: channel, id: 'id-000' });
    expect(child(message, 'occupant-id')?.attrs.id).toBe('o');
    expect(child(child(message, 'x', 'http://jabber.org/protocol/muc#user'), 'item')?.attrs.jid).toBe(contact);
    expect(setOf(answer)).toEqual({ first: 'id-000', index: '0', last: 'id-001', count: '122', complete: undefined });
  });

  test('313-08 our own is told with our address, a change of subject from the room, a remark not at all', async () => {
    const { results, ids: told } = await ask(rsm('<before/><max>2</max>'));
    expect(told).toEqual(['id-120', 'id-121']);
    const messages = results.map((one) => child(child(child(one, 'result'), 'forwarded'), 'message'));
    expect(child(child(messages[0], 'x'), 'item')?.attrs.jid).toBe('romeo@example.org');
    expect(messages[1]?.attrs.from).toBe(channel);
    expect(textOf(child(messages[1], 'subject'))).toBe('Two households');
    expect(child(messages[1], 'x')).toBeUndefined();
    expect((await ask(form({ 'after-id': 'id-059', 'before-id': 'id-062' }))).ids).toEqual(['id-060', 'id-061']);
  });

  test('a damaged row keeps nobody from the others', async () => {
    const { ids: told, fin } = await ask('', channel.replace('#verona', '#odd'));
    expect(told).toEqual(['id-123']);
    expect(fin?.attrs.complete).toBe('true');
  });
});

describe('pages', () => {
  test('313-05 059-01 fifty where no number is wished, a hundred at most, and the whole by walking either way', async () => {
    expect((await ask('')).ids).toEqual(ids(0, 50));
    const hundred = await ask(rsm('<max>5000</max>'));
    expect(hundred.ids).toEqual(ids(0, 100));
    const rest = await ask(rsm(`<max>5000</max><after>${setOf(hundred).last}</after>`));
    expect(rest.ids).toEqual(ids(100, 122));
    expect(setOf(rest)).toEqual({ first: 'id-100', index: '100', last: 'id-121', count: '122', complete: 'true' });
    const back = await ask(rsm('<before>id-010</before>'));
    expect(back.ids).toEqual(ids(0, 10));
    expect(setOf(back)).toMatchObject({ index: '0', complete: 'true' });
    expect(setOf(await ask(rsm('<max>10</max><before>id-050</before>')))).toMatchObject({
      index: '40',
      complete: undefined,
    });
  });

  test('313-05 flip-page turns the results round and nothing else', async () => {
    const straight = await ask(rsm('<max>5</max><after>id-010</after>'));
    const flipped = await ask(`${rsm('<max>5</max><after>id-010</after>')}<flip-page/>`);
    expect(flipped.ids).toEqual([...straight.ids].reverse());
    expect(setOf(flipped)).toEqual(setOf(straight));
  });

  test('059-01 what stands beside it in the set and is none of ours changes nothing', async () => {
    const plain = await ask(rsm('<max>2</max>'));
    const more = await ask(rsm("<sort xmlns='urn:example'>by moon</sort><max>2</max><later/>"));
    expect([more.ids, setOf(more)]).toEqual([plain.ids, setOf(plain)]);
  });

  test('059-01 max 0 asks for the number alone; a page by its number is not had', async () => {
    const counted = await ask(rsm('<max>0</max>'));
    expect(counted.results).toEqual([]);
    expect(setOf(counted)).toEqual({ first: '', index: undefined, last: '', count: '122', complete: undefined });
    await expect(ask(rsm('<max>5</max><index>3</index>'))).rejects.toThrow('feature-not-implemented');
  });

  test('313-05 an empty page has neither first nor last, and is complete', async () => {
    const none = await ask(form({ start: '2031-01-01T00:00:00Z' }));
    expect(setOf(none)).toEqual({ first: '', index: undefined, last: '', count: '0', complete: 'true' });
    expect((await ask('', channel.replace('#verona', '#nowhere'))).fin?.attrs.complete).toBe('true');
  });
});

describe('filters', () => {
  test('313-04 start, end, after-id, before-id and ids', async () => {
    const told = async (fields: Parameters<typeof form>[0]) => (await ask(form(fields))).ids;
    expect(await told({ start: '2026-11-21T12:00:03.250Z', end: '2026-11-21T13:00:05.250+01:00' })).toEqual(ids(3, 6));
    expect(await told({ 'after-id': 'id-003', 'before-id': 'id-006' })).toEqual(ids(4, 6));
    expect(await told({ ids: ['id-100', 'id-007'] })).toEqual(['id-007', 'id-100']);
    expect(await told({ ids: [], with: '' })).toEqual(ids(0, 50));
  });

  test('313-04 with: an occupant, a contact, oneself, the room, anybody else', async () => {
    const count = async (who: string) => setOf(await ask(form({ with: who }) + rsm('<max>0</max>'))).count;
    expect(await count(`${channel}/Juliet`)).toBe('120');
    expect(await count(contact)).toBe('120');
    expect(await count('romeo@example.org')).toBe('1');
    expect(await count(channel)).toBe('122');
    for (const other of [`nurse%net.test@${domain}`, `juliet%other.test@${domain}`, server, 'juliet@example.org'])
      expect(await count(other)).toBe('0');
  });

  test('313-04 an id that the archive has not: item-not-found, wherever it stands', async () => {
    for (const inside of [
      rsm('<after>x</after>'),
      rsm('<before>x</before>'),
      form({ 'after-id': 'x' }),
      form({ 'before-id': 'x' }),
      form({ ids: ['id-001', 'x'] }),
    ])
      await expect(ask(inside)).rejects.toSatisfy(
        (error) => error instanceof GatewayError && error.condition === 'item-not-found',
      );
  });

  test('313-04 an unknown field is not implemented; what is malformed is a bad request', async () => {
    await expect(ask(form({ '{urn:x}text': 'moon' }))).rejects.toThrow('feature-not-implemented');
    const many = Array.from({ length: 101 }, (_, n) => `id-${n}`);
    for (const inside of [
      form({ start: 'yesterday' }),
      form({ with: '@' }),
      form({}, 'urn:other'),
      form({ ids: many }),
      "<x xmlns='jabber:x:data'/>",
    ])
      await expect(ask(inside)).rejects.toThrow('bad-request');
    await expect(ask('', channel, me, " node='x'")).rejects.toThrow('item-not-found');
  });
});

describe('who and where', () => {
  test('313-07 45-05 everybody has an archive of their own; who may not use the gateway has none', async () => {
    expect((await ask('', channel, 'paris@example.org/desk')).ids).toEqual([]);
    await expect(ask('', channel, stranger)).rejects.toThrow('forbidden');
  });

  test('313-10 only rooms and contacts have archives', async () => {
    for (const to of [`${channel}/Juliet`, server, domain])
      await expect(ask('', to)).rejects.toThrow('service-unavailable');
  });

  test('313-02 313-07 a contact’s has both sides, as one told the other, and belongs to who asks', async () => {
    const { results, ids, fin } = await ask('', contact);
    const messages = results.map((one) => child(child(child(one, 'result'), 'forwarded'), 'message')?.attrs);
    expect(messages).toEqual([
      { from: present(contact), to: 'romeo@example.org', type: 'chat', id: 's-1' },
      { from: 'romeo@example.org', to: contact, type: 'chat', id: 's-2' },
    ]);
    const stones = results.map(
      (one) => child(child(child(child(one, 'result'), 'forwarded'), 'message'), 'stanza-id')?.attrs,
    );
    expect(stones).toEqual(ids.map((id) => ({ by: contact, id })));
    expect(fin?.attrs.complete).toBe('true');
    expect((await ask('', contact, 'paris@example.org/desk')).ids).toEqual([]);
    await expect(ask('', contact, stranger)).rejects.toThrow('forbidden');
  });

  test('313-04 both of a conversation can be named in a query, and there is nobody else', async () => {
    for (const who of [contact, `${contact}/x`, me, 'romeo@example.org'])
      expect((await ask(form({ with: who }), contact)).ids).toHaveLength(2);
    expect((await ask(form({ with: 'paris@example.org' }), contact)).ids).toEqual([]);
    expect((await ask(rsm('<before/><max>1</max>'), contact)).ids).toEqual(['id-002']);
    await expect(ask(rsm('<after>id-121</after>'), contact)).rejects.toThrow('no message of that id');
  });

  test('313-06 the form names the fields, none required; metadata is both ends, or nothing', async () => {
    const [answer] = await outcome(`<iq type='get' id='q' from='${me}' to='${channel}'><query xmlns='${mam}'/></iq>`);
    const shown = child(child(answer, 'query'), 'x', 'jabber:x:data');
    const names = childrenOf(shown, 'field').map(({ attrs }) => attrs.var);
    expect(names).toEqual(['FORM_TYPE', 'with', 'start', 'end', 'before-id', 'after-id', 'ids']);
    const about = async (to: string) =>
      child(
        (await outcome(`<iq type='get' id='q' from='${me}' to='${to}'><metadata xmlns='${mam}'/></iq>`))[0],
        'metadata',
      );
    const ends = await about(channel);
    expect(child(ends, 'start')?.attrs).toEqual({ id: 'id-000', timestamp: '2026-11-21T12:00:00.250Z' });
    expect(child(ends, 'end')?.attrs).toEqual({ id: 'id-121', timestamp: '2026-11-21T12:02:01.250Z' });
    expect((await about(channel.replace('#verona', '#nowhere')))?.children).toEqual([]);
  });

  test('313-09 a page from long before the archive is neither whole nor stable while the network has more', async () => {
    const before = `${form({ end: '2020-01-01T00:00:00Z' })}${rsm('<before/>')}`;
    for (const [has, asked, attrs] of [
      [1000, [100, 100, 100], { stable: 'false' }],
      [150, [100, 50, 0], { complete: 'true' }],
    ] as const) {
      let left: number = has;
      const found: number[] = [];
      const { results, fin } = await ask(before, channel, me, '', async (_, max) => {
        const some = Math.min(left, max);
        left -= some;
        found.push(some);
        return some;
      });
      expect(results).toEqual([]);
      expect(found).toEqual(asked);
      expect(fin?.attrs).toEqual(attrs);
    }
  });

  test('313-01 announced for rooms that are recorded; where the operator wants no archive there is none', async () => {
    const world = inVerona(['Romeo'], [phone]);
    const info = `<iq type='get' id='d' from='${phone}' to='#verona%net@irc.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`;
    const features = (all: readonly Element[]) =>
      childrenOf(child(all[0], 'query'), 'feature').map(({ attrs }) => attrs.var);
    const both = [mam, `${mam}#extended`, 'urn:xmpp:sid:0'];
    expect(features(inbox(world.hear(info).stanzas, phone))).toEqual(expect.arrayContaining(both));
    const closed = `<iq type='get' id='d' from='${me}' to='${channel}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`;
    expect(features(away(closed))).toEqual(expect.arrayContaining(both));
    const none = createDecoder({
      domain,
      addresses,
      allow: ['*'],
      admins: [],
      about: { type: 'irc', name: 'IRC' },
      version: '1',
      registration: 'none',
      startedAt: noon,
      now: () => noon,
      archive: false,
    });
    expect(features(inbox(none.absent(stanza(info)), phone))).not.toContain(mam);
    const query = none.decode(
      stanza(`<iq type='set' id='q' from='${phone}' to='#verona%net@irc.test'><query xmlns='${mam}'/></iq>`),
    );
    expect(query.is === 'answer' && inbox(query.stanzas, phone).map(conditionOf)).toEqual(['service-unavailable']);
    const ofContact = none.decode(stanza(info.replace('#verona', 'juliet')));
    if (ofContact.is !== 'question') throw new Error('no question');
    const told = await ofContact.question({ ...asking(world.session), account: ofContact.account });
    expect(features(inbox(told, phone))).not.toContain(mam);
  });
});
