/** Accepting: marks, caps, and what is told. */
import { describe, expect, test } from 'vitest';
import { accountId, chatId } from '../../../src/core/ids.ts';
import type { DurableIntent, Origin } from '../../../src/core/intent.ts';
import { type Accepted, createOutbox, markOf, type Outbox } from '../../../src/delivery/outbox.ts';
import { createMemoryStores } from '../../harness/memory-stores.ts';
import { origin, send } from './entries.ts';

const account = accountId('a');
const store = () => createMemoryStores({ now: () => 1_700_000_000_000 }).outbox;

describe('marks', () => {
  const a = send('#a', 'x');
  const from = (over: Partial<Origin>): string | undefined => markOf(a, { ...origin('1'), ...over });

  test('are of the person, not of the client', () => {
    expect(from({ from: 'romeo@example.org/phone' })).toBe(from({ from: 'romeo@example.org/desk' }));
    expect(from({ from: 'romeo@example.org/a/b' })).toBe(from({ from: 'romeo@example.org' }));
    expect(from({ from: 'juliet@example.org' })).not.toBe(from({}));
  });

  test('are of the chat and of the id; the origin id is the better one (XEP-0359 §3.2)', () => {
    expect(markOf(send('#b', 'x'), origin('1'))).not.toBe(from({}));
    expect(from({ stanzaId: '2' })).not.toBe(from({}));
    expect(from({ originId: 'o' })).toBe(from({ originId: 'o', stanzaId: 'other' }));
  });

  test('GEN-11 are of what is said: clients count their ids anew from each start', () => {
    expect(from({ said: 1 })).not.toBe(from({ said: 2 }));
    expect(from({ said: 1 })).toBe(from({ said: 1 }));
    // What a version before this one has accepted.
    expect(from({})).toBe('romeo@example.org\n#a\n1');
  });

  test('are short, however long an id is', () => {
    expect(from({ stanzaId: 'x'.repeat(60_000) })?.length).toBeLessThan(200);
    expect(from({ stanzaId: 'x'.repeat(60_001) })).not.toBe(from({ stanzaId: 'x'.repeat(60_000) }));
  });

  test('need an id and a message', () => {
    const { stanzaId: _, ...without } = origin('1');
    expect(markOf(a, without)).toBeUndefined();
    expect(from({ stanzaId: '' })).toBeUndefined();
    expect(from({ via: 'presence' })).toBeUndefined();
    expect(from({ via: 'iq' })).toBeUndefined();
  });
});

/** As one waits for it. */
function appendTo(outbox: Outbox, intent: DurableIntent, from: Origin): Promise<Accepted> {
  return new Promise((resolve, reject) => outbox.append(account, intent, from, { accepted: resolve, refused: reject }));
}

describe('outbox', () => {
  test('accepts once; the same stanza from another client is the same', async () => {
    const outbox = createOutbox({ store: store() });
    const accepted = await appendTo(outbox, send('#a', 'x'), origin('1'));
    expect(accepted.is).toBe('new');
    expect(await appendTo(outbox, send('#a', 'x'), { ...origin('1'), from: 'romeo@example.org/desk' })).toEqual({
      is: 'again',
    });
    expect((await appendTo(outbox, send('#b', 'x'), origin('1'))).is).toBe('new');
    expect((await appendTo(outbox, send('#a', 'something else'), { ...origin('1'), said: 1 })).is).toBe('new');
  });

  test('a full lane refuses at once and leaves other lanes alone; settling makes room', async () => {
    const outbox = createOutbox({ store: store(), caps: { account: 100, lane: 2 } });
    const append = (chat: string, id: string) => appendTo(outbox, send(chat, id), origin(id));
    await Promise.all([append('#a', '1'), append('#a', '2')]);
    await expect(append('#a', '3')).rejects.toMatchObject({ code: 'queue-full' });
    expect((await append('#b', '4')).is).toBe('new');
    outbox.settled(account, chatId('#a'));
    expect((await append('#a', '5')).is).toBe('new');
    await expect(append('#a', '6')).rejects.toMatchObject({ code: 'queue-full' });
  });

  test('a full account refuses, and what was refused or repeated takes no room in its lane', async () => {
    const outbox = createOutbox({ store: store(), caps: { account: 2, lane: 2 } });
    const append = (chat: string, id: string) => appendTo(outbox, send(chat, id), origin(id));
    await append('#a', '1');
    await append('#b', '2');
    await expect(append('#a', '3')).rejects.toMatchObject({ code: 'queue-full' });
    for (let i = 0; i < 5; i++) expect(await append('#a', '1')).toEqual({ is: 'again' });
    await expect(append('#a', '4')).rejects.toMatchObject({ code: 'queue-full' });
  });

  test('settling what this process never accepted counts nothing', async () => {
    const outbox = createOutbox({ store: store(), caps: { account: 9, lane: 1 } });
    outbox.settled(account, chatId('#a'));
    expect((await appendTo(outbox, send('#a', '1'), origin('1'))).is).toBe('new');
    await expect(appendTo(outbox, send('#a', '2'), origin('2'))).rejects.toMatchObject({ code: 'queue-full' });
    for (let i = 0; i < 3; i++) outbox.settled(account, chatId('#a'));
    expect((await appendTo(outbox, send('#a', '3'), origin('3'))).is).toBe('new');
    await expect(appendTo(outbox, send('#a', '4'), origin('4'))).rejects.toMatchObject({ code: 'queue-full' });
  });

  test('what waits is counted, however many other chats and accounts there are', async () => {
    const outbox = createOutbox({ store: store(), caps: { account: 20_000, lane: 1 } });
    await appendTo(outbox, send('#a', '1'), origin('1'));
    for (let i = 0; i < 70; i++) await appendTo(outbox, send(`#${i}`, 'x'), origin(`c${i}`));
    await expect(appendTo(outbox, send('#a', '2'), origin('2'))).rejects.toMatchObject({ code: 'queue-full' });
    for (let i = 0; i <= 10_000; i++)
      outbox.append(accountId(`other ${i}`), send('#b', 'x'), origin(`o${i}`), { accepted() {}, refused() {} });
    await expect(appendTo(outbox, send('#a', '3'), origin('3'))).rejects.toMatchObject({ code: 'queue-full' });
  });

  test('a store that fails takes no room either', async () => {
    const memory = store();
    let away = true;
    const shaky: typeof memory = {
      ...memory,
      accept: (...of) => (away ? of[4].failed(new Error('away')) : memory.accept(...of)),
    };
    const outbox = createOutbox({ store: shaky, caps: { account: 9, lane: 1 } });
    await expect(appendTo(outbox, send('#a', '1'), origin('1'))).rejects.toThrow('away');
    away = false;
    expect((await appendTo(outbox, send('#a', '1'), origin('1'))).is).toBe('new');
  });
});
