/** A decoder of the domain irc.test with IRC's addresses, and what its answers look like to who asked. */

import { createAddresses } from '../../../../bridges/irc/addresses.ts';
import { ircConfig } from '../../../../bridges/irc/config.ts';
import { noArchive } from '../../../../src/accounts/archiving.ts';
import type { Session } from '../../../../src/bridge/contract.ts';
import { createDecoder } from '../../../../src/gateway/decode/create-decoder.ts';
import type { Decoded } from '../../../../src/gateway/face.ts';
import type { Element } from '../../../../src/xml/element.ts';
import { inbox, noon, stanza } from '../rooms/world.ts';

export const domain = 'irc.test';
export const me = 'romeo@example.org/phone';
export const stranger = 'tybalt@elsewhere.test/x';
export const channel = `#verona%net.test@${domain}`;
export const contact = `juliet%net.test@${domain}`;
export const server = `net.test@${domain}`;

export const decoder = createDecoder({
  domain,
  addresses: createAddresses(ircConfig.parse({})),
  allow: ['example.org'],
  admins: ['admin@example.org', 'd\\27artagnan@example.org'],
  about: { type: 'irc', name: 'IRC' },
  version: '1.2.3',
  registration: 'none',
  retentionHours: 720,
  encrypts: true,
  startedAt: noon - 90_000,
  now: () => noon,
});

export const decode = (markup: string): Decoded => decoder.decode(stanza(markup));

/** What is answered on the spot. */
export function answers(markup: string): readonly Element[] {
  const decoded = decode(markup);
  return decoded.is === 'answer' ? inbox(decoded.stanzas, stanza(markup).from.full) : [];
}

/** The one answer to a request. */
export function ask(to: string, payload: string, from = me, type = 'get'): Element {
  const [answer, ...more] = answers(`<iq type='${type}' id='q' from='${from}' to='${to}'>${payload}</iq>`);
  if (answer === undefined || more.length > 0) throw new Error(`not one answer from ${to} to ${payload}`);
  return answer;
}

/** The one answer to a request, where it may be a question to whoever is connected. */
export async function told(to: string, payload: string, session?: Session): Promise<Element> {
  const markup = `<iq type='get' id='q' from='${me}' to='${to}'>${payload}</iq>`;
  const decoded = decode(markup);
  if (decoded.is !== 'question') return ask(to, payload);
  const signal = new AbortController().signal;
  const asking = { account: decoded.account, session, archive: noArchive, now: () => noon, signal };
  const stanzas = await decoded.question(asking);
  const [answer] = inbox(stanzas, stanza(markup).from.full);
  if (answer === undefined) throw new Error(`no answer from ${to} to ${payload}`);
  return answer;
}

/** What is answered where nobody of that account is connected. */
export const away = (markup: string): readonly Element[] =>
  inbox(decoder.absent(stanza(markup)), stanza(markup).from.full);
