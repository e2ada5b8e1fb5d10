/** Stanza errors, RFC 6120 §8.3. */
import { describe, expect, test } from 'vitest';
import { xml } from '../../../src/xml/writer.ts';
import { readError, STANZAS, writeError } from '../../../src/xmpp/error.ts';
import { readStanza, reply } from '../../../src/xmpp/stanza.ts';
import { parse } from '../../harness/markup.ts';

const stanza = (markup: string) => {
  const read = readStanza(parse(markup));
  if (read === undefined) throw new Error(markup);
  return read;
};
const asked = stanza(
  "<iq xmlns='jabber:client' type='get' id='q1' from='romeo@a.test/x' to='#r%s@gw.test/nick'><q xmlns='x'/></iq>",
);

describe('writing', () => {
  test('GEN-04 the way back, same kind and id, from who was addressed', () => {
    expect(reply(asked, 'error')).toEqual({
      kind: 'iq',
      type: 'error',
      id: 'q1',
      from: '#r%s@gw.test/nick',
      to: ['romeo@a.test/x'],
    });
  });

  test('GEN-04 GEN-10 the condition first, then the text with its language, then a detail; `by` who found it', () => {
    const error = { type: 'cancel', condition: 'conflict', text: 'taken & gone', by: '#r%s@gw.test' };
    expect(writeError(error, xml`<own xmlns='urn:example'/>`).text).toBe(
      `<error by='#r%s@gw.test' type='cancel'><conflict xmlns='${STANZAS}'/><text xmlns='${STANZAS}' xml:lang='en'>taken &amp; gone</text><own xmlns='urn:example'/></error>`,
    );
  });
});

describe('reading', () => {
  const error = (inside: string) =>
    readError(stanza(`<message xmlns='jabber:client' type='error' from='a@b' to='c@d'>${inside}</message>`));

  test('GEN-05 without the payload it answers, in any order, with what we do not know', () => {
    expect(
      error(
        `<error type='wait'><own xmlns='x'/><text xmlns='${STANZAS}'>later</text><recipient-unavailable xmlns='${STANZAS}'/></error>`,
      ),
    ).toEqual({ type: 'wait', condition: 'recipient-unavailable', text: 'later' });
  });

  test.each([
    '',
    '<error/>',
    "<error type='cancel'><made-up xmlns='x'/></error>",
    `<error><made-up xmlns='${STANZAS}'/></error>`,
  ])('GEN-05 %j is an error all the same', (inside) =>
    expect(error(inside)).toEqual({ type: 'cancel', condition: 'undefined-condition' }),
  );

  // RFC 6120 §8.3.3.1 to §8.3.3.22.
  test.each(
    `bad-request conflict feature-not-implemented forbidden gone internal-server-error item-not-found jid-malformed not-acceptable not-allowed not-authorized
    policy-violation recipient-unavailable redirect registration-required remote-server-not-found remote-server-timeout resource-constraint service-unavailable
    subscription-required undefined-condition unexpected-request`.split(/\s+/),
  )('GEN-05 %s is read as what it is', (condition) =>
    expect(error(`<error type='cancel'><${condition} xmlns='${STANZAS}'/></error>`)).toEqual({
      type: 'cancel',
      condition,
    }),
  );

  test('other types are none', () => expect(readError(asked)).toBeUndefined());
});

describe('what is no stanza', () => {
  test.each([
    "<iq xmlns='jabber:client' type='get' id='a' to='c@d'/>",
    "<iq xmlns='jabber:client' type='get' id='a' from='a@b'/>",
    "<iq xmlns='jabber:client' type='get' id='a' from='@b' to='c@d'/>",
    "<iq xmlns='urn:other' from='a@b' to='c@d'/>",
    "<handshake xmlns='jabber:component:accept'/>",
  ])('%s', (markup) => expect(readStanza(parse(markup))).toBeUndefined());

  test.each(['jabber:component:accept', 'jabber:client', 'jabber:server'])('114-40 %s is one namespace', (ns) => {
    expect(readStanza(parse(`<presence xmlns='${ns}' from='a@b' to='c@d'/>`))?.kind).toBe('presence');
  });
});
