/** The choke point: what leaves it is legal, whatever is put in. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../../../src/xml/document.ts';
import { legal } from '../../../../src/xml/escape.ts';
import { empty, xml } from '../../../../src/xml/writer.ts';
import type { Outgoing } from '../../../../src/xmpp/outgoing.ts';
import { createOutbound } from '../../../../src/xmpp/stream/outbound.ts';
import { OutboundBug } from '../../../../src/xmpp/stream/types.ts';

const outbound = createOutbound('irc.example.org');
const message: Outgoing = {
  kind: 'message',
  type: 'groupchat',
  id: 'm1',
  from: '#room@irc.example.org/nick',
  to: ['a@example.org/x'],
  body: xml`<body>hello</body>`,
};
const render = (change: Partial<Outgoing>): readonly string[] => {
  const into: string[] = [];
  outbound.render({ ...message, ...change }, into);
  return into;
};

describe('outbound', () => {
  test('114-30 one copy for each recipient, with from and to', () => {
    expect(render({ to: ['a@example.org/x', 'b@example.org'] })).toEqual([
      "<message type='groupchat' id='m1' from='#room@irc.example.org/nick' to='a@example.org/x'><body>hello</body></message>",
      "<message type='groupchat' id='m1' from='#room@irc.example.org/nick' to='b@example.org'><body>hello</body></message>",
    ]);
  });

  test('an empty presence and an empty result are stanzas', () => {
    const to = ['a@example.org'];
    expect(outboundText({ kind: 'presence', from: 'irc.example.org', to, body: empty })).toBe(
      "<presence from='irc.example.org' to='a@example.org'/>",
    );
    expect(outboundText({ kind: 'iq', type: 'result', id: '1', from: 'irc.example.org', to, body: empty })).toBe(
      "<iq type='result' id='1' from='irc.example.org' to='a@example.org'/>",
    );
  });

  test.each([
    'example.org',
    'evil.example',
    'a@evil.irc.example.org',
    'a@irc.example.org.evil',
    'xirc.example.org',
    'evil/irc.example.org',
    'evil/a@irc.example.org',
    'a@evil/b@irc.example.org',
    '@irc.example.org',
    'IRC.example.org',
    '',
  ])('114-31 from %j is refused', (from) => {
    expect(() => render({ from })).toThrow(OutboundBug);
  });

  test.each(['irc.example.org', 'irc.example.org/x', 'a@irc.example.org', 'a@irc.example.org/b@c/d'])(
    '114-31 from %j passes',
    (from) => {
      expect(render({ from })).toHaveLength(1);
    },
  );

  test.each([
    ['nobody', { to: [] }],
    ['an empty address', { to: ['a@example.org', ''] }],
    ['a message that says nothing', { body: empty }],
    ['a request with an empty id', { kind: 'iq' as const, id: '', type: 'get' }],
    ['an iq of no type', { kind: 'iq' as const, type: 'groupchat' }],
    ['a request for nothing', { kind: 'iq' as const, type: 'set', body: empty }],
  ])('114-30 %s is refused, and nothing is rendered of it', (_, change) => {
    const into: string[] = [];
    expect(() => outbound.render({ ...message, ...change }, into)).toThrow(OutboundBug);
    expect(into).toEqual([]);
  });

  test('GEN-09 a message without an id has one made for it, one for all who get it and never twice; an error has that of what it answers', () => {
    const { id: _, ...unnamed } = message;
    const idsOf = (stanza: Outgoing): readonly (string | undefined)[] => {
      const into: string[] = [];
      outbound.render(stanza, into);
      return into.map((text) => parse(text).attrs.id);
    };
    const [first, second] = idsOf({ ...unnamed, to: ['a@example.org', 'b@example.org'] });
    expect(first).toMatch(/^[\w-]{20}$/);
    expect(second).toBe(first);
    expect(idsOf(unnamed)).not.toContain(first);
    expect(idsOf({ ...unnamed, type: 'error' })).toEqual([undefined]);
    expect(idsOf({ ...unnamed, kind: 'presence' })).toEqual([undefined]);
    expect(idsOf(message)).toEqual(['m1']);
  });

  test('GEN-02 an answer repeats an empty id; without any it is an error or nothing', () => {
    const { id: _, ...iq } = { ...message, kind: 'iq' as const };
    expect(outboundText({ ...iq, type: 'result', id: '' })).toMatch(/^<iq type='result' id='' /);
    expect(outboundText({ ...iq, type: 'error' })).toMatch(/^<iq type='error' from=/);
    expect(() => outboundText({ ...iq, type: 'result' })).toThrow(OutboundBug);
  });

  test('114-33 a stanza above 256 KiB is refused, by bytes', () => {
    expect(() => render({ body: xml`<body>${'x'.repeat(256 * 1024)}</body>` })).toThrow(OutboundBug);
    expect(() => render({ body: xml`<body>${'€'.repeat(88 * 1024)}</body>` })).toThrow(OutboundBug);
    const [fits] = render({ body: xml`<body>${'x'.repeat(240 * 1024)}</body>` });
    expect(Buffer.byteLength(fits ?? '')).toBeLessThan(256 * 1024);
  });

  test('114-32 any text anywhere comes out as legal XML that says the same', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    );
    fc.assert(
      fc.property(any, any, any, (body, id, resource) => {
        const [text] = render({ body: xml`<body>${body}</body>`, id, from: `a@irc.example.org/${resource}` });
        const stanza = parse(text ?? '');
        expect(stanza.attrs.id).toBe(legal(id));
        expect(stanza.attrs.from).toBe(`a@irc.example.org/${legal(resource)}`);
        expect(stanza.children[0]).toMatchObject({ children: legal(body) === '' ? [] : [legal(body)] });
      }),
      { numRuns: 5_000 },
    );
  });
});

function outboundText(stanza: Outgoing): string {
  const into: string[] = [];
  outbound.render(stanza, into);
  return into.join('');
}
