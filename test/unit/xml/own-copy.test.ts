/** What is kept of a stanza keeps nothing else of what was read with it. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { chatId, messageId, personId } from '../../../src/core/ids.ts';
import { capsIn } from '../../../src/gateway/client-caps.ts';
import { createRefs, knownAs } from '../../../src/gateway/refs.ts';
import { shownIn } from '../../../src/gateway/shown.ts';
import type { Element } from '../../../src/xml/element.ts';
import { ownCopy } from '../../../src/xml/own-copy.ts';
import { createParser } from '../../../src/xml/parser.ts';
import { childText } from '../../../src/xml/query.ts';
import { parseJid } from '../../../src/xmpp/jid.ts';
import { readStanza } from '../../../src/xmpp/stanza.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const count = 1_000;
const beside = 16_000;

/** What is kept of so many stanzas with much beside them, in bytes each. */
function keptOf(written: (n: number) => string, keep: (stanza: Element) => unknown): number {
  const all: unknown[] = [];
  const ignored = (): void => undefined;
  const parser = createParser({
    start: ignored,
    element: (stanza) => void all.push(keep(stanza)),
    oversized: ignored,
    end: ignored,
    error: ignored,
  });
  parser.feed("<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams'>");
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < count; n++) {
    const text = written(n).replace('</', `<x xmlns='urn:x'>${'y'.repeat(beside)}</x></`);
    parser.feed(Buffer.from(text).toString());
  }
  collect();
  const after = process.memoryUsage().heapUsed;
  expect(all).toHaveLength(count);
  return (after - before) / count;
}

const message = (n: number): string =>
  `<message from='romeo@montague.example/r' to='#v@irc.example' id='a-stanza-id-of-it-${n}'><subject>by any other name would smell ${n}</subject></message>`;
const presence = (n: number): string =>
  `<presence from='romeo@montague.example/r${n}' to='irc.example'><status>at a ball in Verona, ${n}</status></presence>`;

describe('of what was read with it nothing is kept', () => {
  test('by what is remembered of a message of one’s own', () => {
    const refs = createRefs(() => false);
    const me = personId('romeo');
    const kept = keptOf(message, (el) => {
      const { id = '' } = el.attrs;
      const text = childText(el, 'subject') ?? '';
      const facts = { by: me, nick: 'romeo', from: 'r/romeo', id, name: id, originId: id, isMine: true, at: 1, text };
      refs.add(chatId(String(Math.random())), knownAs(facts, [{ id: messageId('1'), part: 0 }]));
      return undefined;
    });
    expect(kept).toBeLessThan(beside / 4);
  });

  test('by the beginning of a long message', () => {
    const refs = createRefs(() => false);
    const long = (n: number): string => `<message><body>${n}${'z'.repeat(5_000)}</body></message>`;
    const kept = keptOf(long, (el) => {
      const text = childText(el, 'body') ?? '';
      const id = String(Math.random());
      const facts = {
        by: personId('j'),
        nick: 'j',
        from: 'r/j',
        id,
        name: id,
        originId: undefined,
        isMine: false,
        at: 1,
      };
      refs.add(chatId(id), knownAs({ ...facts, text }, [{ id: messageId('1'), part: 0 }]));
      return undefined;
    });
    expect(kept).toBeLessThan(beside / 4);
  });

  test('by what a client shows', () => expect(keptOf(presence, shownIn)).toBeLessThan(beside / 4));

  test('by what a client announces', () => {
    const announced = (n: number): string =>
      `<presence from='romeo@montague.example/r' to='irc.example'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://client.example' ver='QgayPKawpkPSDYmwT/WM94uA${n}='/></presence>`;
    const kept = keptOf(announced, (el) => {
      const stanza = readStanza(el);
      return stanza && capsIn(stanza);
    });
    expect(kept).toBeLessThan(beside / 4);
  });

  test('by addresses', () =>
    expect(keptOf(presence, ({ attrs }) => parseJid(attrs.from ?? ''))).toBeLessThan(beside / 4));
});

test.each(['', 'short', 'a text of more than thirteen', '🦊 of two halves 🦊', 'Ä'.repeat(40)])(
  '%s is the same',
  (text) => expect(ownCopy(text)).toBe(text),
);
