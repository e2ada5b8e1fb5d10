/** CHECKLIST 359-01, 359-04, 359-05: a message by all its names, the newest ones only, and again from the archive. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountId, chatId, messageId, personId } from '../../../src/core/ids.ts';
import { createRefs, knownAs } from '../../../src/gateway/refs.ts';
import { knownFromRow } from '../../../src/gateway/relearn.ts';
import { quoteOf } from '../../../src/gateway/text/answered.ts';
import type { ArchiveRow } from '../../../src/storage/ports.ts';

const verona = chatId('#verona');
const mantua = chatId('#mantua');
const juliet = personId('juliet');
const said = (n: number, more: Partial<Parameters<typeof knownAs>[0]> = {}) =>
  knownAs(
    {
      by: juliet,
      nick: 'Juliet',
      from: 'r/Juliet',
      id: `id${n}`,
      name: `name${n}`,
      originId: undefined,
      isMine: false,
      at: n,
      text: `t${n}`,
      ...more,
    },
    [{ id: messageId(`ref${n}`), part: 0 }],
  );

describe('359-01 359-05 by any name', () => {
  test('the room’s, the stanza’s, the sender’s, the network’s; each chat for itself', () => {
    const refs = createRefs(() => false);
    const known = said(1, { originId: 'origin1' });
    refs.add(verona, known);
    for (const stanzaId of ['name1', 'id1', 'origin1']) expect(refs.find(verona, { stanzaId })).toBe(known);
    expect(refs.named(verona, { id: messageId('ref1'), part: 3 })).toBe(known);
    expect(refs.find(mantua, { stanzaId: 'name1' })).toBeUndefined();
    expect(refs.named(verona, { id: messageId('name1'), part: 0 })).toBeUndefined();
  });

  test('359-04 the right name goes before an id that another sender chose to look like it', () => {
    const refs = createRefs(() => false);
    const meant = said(1);
    refs.add(verona, meant);
    refs.add(verona, said(2, { id: 'name1' }));
    expect(refs.find(verona, { stanzaId: 'name1' })).toBe(meant);
  });

  test.each([
    { isKept: true, atMost: 32 },
    { isKept: false, atMost: 64 },
  ])(
    'only the newest $atMost are remembered of a chat (the archive has the others: $isKept), and of all',
    ({ isKept, atMost }) => {
      const refs = createRefs(() => isKept);
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 400 }), (count) => {
          const chat = chatId(`#${count}`);
          for (let n = 0; n < count; n++) refs.add(chat, said(n));
          for (const n of [count - 1, Math.max(0, count - atMost)])
            expect(refs.find(chat, { stanzaId: `name${n}` })?.at).toBe(n);
          if (count > atMost) expect(refs.find(chat, { stanzaId: `name${count - atMost - 1}` })).toBeUndefined();
        }),
        { numRuns: 30 },
      );
      refs.add(verona, said(1));
      for (let n = 0; n < 4096; n++) refs.add(chatId(`#other${n}`), said(1));
      expect(refs.find(verona, { stanzaId: 'name1' })).toBeUndefined();
    },
  );

  test('the last of our own', () => {
    const refs = createRefs(() => false);
    expect(refs.lastOwn(verona)).toBeUndefined();
    const own = said(1, { isMine: true });
    refs.add(verona, own);
    refs.add(verona, said(2));
    expect(refs.lastOwn(verona)).toBe(own);
  });

  test('the last of our own is the one that was said last, whatever was learnt again since', () => {
    const refs = createRefs(() => true);
    for (const n of [50, 90]) refs.add(verona, said(n, { isMine: true }));
    refs.add(verona, said(20, { isMine: true }));
    expect(refs.lastOwn(verona)?.at).toBe(90);
    expect(refs.ownUpTo(verona, 89)?.at).toBe(50);
    expect(refs.ownUpTo(verona, 49)?.at).toBe(20);
    expect(refs.ownUpTo(verona, 19)).toBeUndefined();
  });

  test('what was reacted to is remembered beyond that, with its reactions', () => {
    const refs = createRefs(() => true);
    const known = said(1);
    refs.add(verona, known);
    known.reactions = new Map([[juliet, ['👍']]]);
    for (let n = 2; n < 200; n++) refs.add(verona, said(n));
    expect(refs.find(verona, { stanzaId: 'name1' })).toBe(known);
    expect(refs.named(verona, { id: messageId('ref1'), part: 0 })).toBe(known);
    expect(refs.find(verona, { stanzaId: 'name2' })).toBeUndefined();
    refs.renamed(verona, juliet, personId('julia'));
    expect([...known.reactions]).toEqual([['julia', ['👍']]]);
  });

  test('a correction’s names are the message’s, too', () => {
    const refs = createRefs(() => false);
    const known = said(1);
    refs.add(verona, known);
    known.refs.push({ id: messageId('corrected'), part: 0 });
    expect(refs.named(verona, { id: messageId('corrected'), part: 0 })).toBe(known);
    expect(refs.named(verona, { id: messageId('ref1'), part: 0 })).toBe(known);
    expect(known.refs.map(({ id }) => id)).toEqual(['ref1', 'corrected']);
  });

  test('461-02 a correction is quoted by its beginning, as what was said first is', () => {
    const long = 'a'.repeat(60_000);
    const [said1, corrected] = [said(1, { text: long }), said(1)];
    corrected.text = long;
    expect(quoteOf(corrected)).toBe(quoteOf(said1));
    expect(corrected.text).toHaveLength(240);
  });

  test('who is called otherwise is still the author, and still has reacted', () => {
    const refs = createRefs(() => false);
    const known = said(1);
    known.reactions = new Map([[juliet, ['👍']]]);
    refs.add(verona, known);
    refs.renamed(verona, juliet, personId('julia'));
    expect(known.by).toBe('julia');
    expect([...known.reactions]).toEqual([['julia', ['👍']]]);
  });

  test('what becomes of it for one account is nothing to another that heard the same', () => {
    const text = 'A plague o’ both your houses! '.repeat(20);
    const [one, other] = [said(1, { text }), said(2, { text })];
    one.by = personId('julia');
    one.text = 'corrected';
    one.isRetracted = true;
    one.refs.push({ id: messageId('further'), part: 0 });
    expect(other).toMatchObject({ by: 'juliet', text: text.slice(0, 240), isRetracted: false, at: 2, name: 'name2' });
    expect(other.refs).toEqual([{ id: 'ref2', part: 0 }]);
    expect(one).toMatchObject({ by: 'julia', nick: 'Juliet', from: 'r/Juliet', text: 'corrected', at: 1 });
  });

  test.each([{ nick: 'Julia' }, { from: 'r/Julia' }, { by: personId('julia') }, { isMine: true }, { text: 'T1' }])(
    '%j is not the same, said right behind it',
    (more) => {
      const [one, other] = [said(1), said(1, more)];
      expect(one).toMatchObject({ nick: 'Juliet', from: 'r/Juliet', by: 'juliet', isMine: false, text: 't1' });
      expect(other).toMatchObject(more);
    },
  );
});

describe('359-01 from the archive', () => {
  const row = (body: string, more: Partial<ArchiveRow> = {}): ArchiveRow => ({
    account: accountId('a'),
    chat: verona,
    id: 'name1',
    at: 5,
    nick: 'Juliet',
    body,
    stanza: 'id1',
    refs: [{ id: messageId('ref1'), part: 0 }],
    by: juliet,
    ...more,
  });

  test('as it was', () => {
    expect(knownFromRow(row('<body>a &lt; b</body>'), { room: 'r' }, personId('romeo'))).toMatchObject({
      text: 'a < b',
      id: 'id1',
      name: 'name1',
      from: 'r/Juliet',
      isMine: false,
      refs: [{ id: 'ref1', part: 0 }],
    });
    expect(knownFromRow(row('<body>x</body>'), { room: 'r' }, juliet)?.isMine).toBe(true);
  });

  test.each([
    ['nobody said it', row('<body>x</body>', { nick: '', kind: 'remark' })],
    ['it has no text', row('<x/>')],
    ['it is damaged', row('<body>x')],
    ['it is a correction', row('<body>x</body>', { kind: 'edit', about: 'y' })],
    ['it is a retraction', row('<body>x</body>', { kind: 'retraction', about: 'y' })],
  ])('not where %s', (_, damaged) => expect(knownFromRow(damaged, { room: 'r' }, undefined)).toBeUndefined());

  test('our own has no speaker, whatever we are called now', () => {
    const { by, ...own } = row('<body>x</body>');
    expect(knownFromRow(own, { room: 'r' }, personId('romeo_'))).toMatchObject({
      isMine: true,
      by: 'romeo_',
      nick: 'Juliet',
    });
    expect(knownFromRow(own, { room: 'r' }, undefined)).toMatchObject({ isMine: true });
  });

  test('without the network’s name it can be quoted, not named', () => {
    const { refs, stanza, ...old } = row('<body>x</body>');
    expect(knownFromRow(old, { room: 'r' }, undefined)).toMatchObject({ refs: [], id: 'name1' });
  });
});
