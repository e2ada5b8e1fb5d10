/** What an answer to an iq of ours says (CHECKLIST GEN-04, GEN-05). */
import { expect, test } from 'vitest';
import { iqAnswer } from '../../../src/gateway/client-iqs.ts';
import { stanza } from './rooms/world.ts';

const answered = (type: string, inside: string) =>
  iqAnswer(stanza(`<iq type='${type}' id='p' from='romeo@example.org/phone' to='irc.test'>${inside}</iq>`));
const stanzas = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'";

test('a result has what it holds', () => {
  expect(answered('result', '')).toEqual({ id: 'p', from: 'romeo@example.org/phone' });
  expect(answered('result', "<query xmlns='x'/>")?.payload?.ns).toBe('x');
  expect(answered('get', "<query xmlns='x'/>")).toBeUndefined();
});

test.each([
  ['the condition', `<feature-not-implemented ${stanzas}/>`, 'feature-not-implemented'],
  ['the text before it', `<text ${stanzas}>No</text><feature-not-implemented ${stanzas}/>`, 'feature-not-implemented'],
  ['something else before it', `<odd xmlns='urn:odd'/><item-not-found ${stanzas}/>`, 'item-not-found'],
  ['the text alone', `<text ${stanzas}>No</text>`, 'undefined-condition'],
  ['nothing', '', 'undefined-condition'],
])('GEN-04 an error is read by its condition, wherever that stands: %s', (_, inside, condition) => {
  expect(answered('error', `<error type='cancel'>${inside}</error>`)).toMatchObject({ condition });
});

test('GEN-05 an error without an error is one', () => {
  expect(answered('error', "<query xmlns='x'/>")).toMatchObject({ condition: 'undefined-condition' });
});
