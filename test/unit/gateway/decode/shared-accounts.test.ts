/** What passes at the addresses of a shared account, of whom: all of it its owner's, its rooms and talks theirs too whom it admits, nothing anybody else's (CHECKLIST 45-05). */
import { expect, test } from 'vitest';
import { createAddresses } from '../../../../bridges/irc/addresses.ts';
import { ircConfig } from '../../../../bridges/irc/config.ts';
import type { Network } from '../../../../src/bridge/contract.ts';
import { accountId } from '../../../../src/core/ids.ts';
import { createDecoder } from '../../../../src/gateway/decode/create-decoder.ts';
import { withLabels } from '../../../../src/gateway/labels.ts';
import { shareName } from '../../../../src/gateway/shares.ts';
import { conditionOf } from '../../../harness/markup.ts';
import { inbox, noon, stanza } from '../rooms/world.ts';

const domain = 'irc.test';
const on = 'net.test=~+bot';
const owner = 'operator@example.org/desk';
const guest = 'romeo@example.org/phone';
const outsider = 'tybalt@example.org/x';
const server = `${on}@${domain}`;
const room = `#verona%${on}@${domain}`;
const contact = `juliet%${on}@${domain}`;

const { addresses } = withLabels({
  addresses: createAddresses(ircConfig.parse({})),
  registration: 'none',
  loginFields: [],
  stay: () => ({ persistent: false, lingerMs: 0 }),
  connect: () => Promise.reject(new Error('no network')),
} satisfies Network);
const share = { id: accountId('bot'), owner: 'operator@example.org', admits: new Set(['romeo@example.org']) };
const { decode } = createDecoder({
  ...{ domain, addresses, allow: ['example.org'], admins: [], about: { type: 'irc', name: 'IRC' }, version: '1' },
  ...{ registration: 'none', startedAt: noon, now: () => noon, browsable: true, takesLogins: true },
  shares: new Map([[shareName(domain, on), share]]),
});

/** Its error's condition; 'passes'; or 'ignored'. */
function fate(from: string, to: string, rest: string): string {
  const [, name, attrs, inside] = /^(\w+)((?: [\w-]+='[^']*')*)(?: > (.*))?$/s.exec(rest) ?? [];
  const asked = stanza(`<${name} id='q' from='${from}' to='${to}'${attrs}>${inside ?? ''}</${name}>`);
  const decoded = decode(asked);
  if (decoded.is !== 'answer') return decoded.is === 'ignored' ? 'ignored' : 'passes';
  return inbox(decoded.stanzas, from)
    .map((one) => conditionOf(one) ?? 'passes')
    .join();
}

const get = (payload: string) => `iq type='get' > ${payload}`;
const set = (payload: string) => `iq type='set' > ${payload}`;
const query = (ns: string) => `<query xmlns='${ns}'/>`;
const command = (node: string) =>
  `<command xmlns='http://jabber.org/protocol/commands' node='${node}' action='execute'/>`;
const info = query('http://jabber.org/protocol/disco#info');
const says = (type: string) => `message type='${type}' > <body>hi</body>`;
const writes = "message type='chat' > <composing xmlns='http://jabber.org/protocol/chatstates'/>";
const card = "<vCard xmlns='vcard-temp'/>";

test.each([
  ['browses its rooms', server, get(info), 'passes'],
  ['searches them', server, get("<search xmlns='urn:xmpp:channel-search:0:search'/>"), 'passes'],
  ['asks its server for more', server, get(query('jabber:iq:version')), 'forbidden'],
  ['sets something at its server', server, set(query('http://jabber.org/protocol/disco#info')), 'forbidden'],
  ['writes to its server', server, says('chat'), 'forbidden'],
  ['asks for somebody’s card', contact, get(card), 'passes'],
  ['pings somebody', contact, get("<ping xmlns='urn:xmpp:ping'/>"), 'passes'],
  ['asks for somebody’s past', contact, get(query('urn:xmpp:mam:2')), 'forbidden'],
  ['registers with somebody', contact, set(query('jabber:iq:register')), 'forbidden'],
  ['asks to talk', contact, set(command('talk')), 'passes'],
  ['runs another command there', contact, set(command('info')), 'forbidden'],
  ['names that command to something else', contact, set("<query xmlns='x' node='talk'/>"), 'forbidden'],
  ['asks what somebody can do', contact, get(info), 'passes'],
  ['writes to somebody as to a room', contact, says('groupchat'), 'forbidden'],
  ['writes to somebody', contact, says('chat'), 'passes'],
  ['speaks in a room', room, says('groupchat'), 'passes'],
  ['looks at a room', room, get(info), 'passes'],
  ['configures a room', room, get(query('http://jabber.org/protocol/muc#owner')), 'forbidden'],
  ['runs a command at a room', room, set(command('bans')), 'forbidden'],
])('45-05 who is admitted %s', (_, to, what, expected) => {
  expect(fate(guest, to, what)).toBe(expected);
  expect(fate(owner, to, what)).not.toBe('forbidden');
  expect(fate(outsider, to, what)).toBe('forbidden');
});

test('45-05 nobody but its owner has its people as contacts, nor is told that', () => {
  for (const type of ['subscribe', 'probe']) {
    expect(decode(stanza(`<presence type='${type}' from='${owner}' to='${contact}'/>`)).is).not.toBe('answer');
    for (const from of [guest, outsider])
      expect(decode(stanza(`<presence type='${type}' from='${from}' to='${contact}'/>`))).toEqual({
        is: 'answer',
        stanzas: [],
      });
  }
  for (const from of [guest, outsider]) expect(fate(from, contact, writes)).toBe('ignored');
  const stateInIq = set("<composing xmlns='http://jabber.org/protocol/chatstates'/>");
  expect(fate(outsider, contact, stateInIq)).toBe('forbidden');
});

test('45-05 where there is no such account it looks as it does to who is not admitted', () => {
  const nowhere = contact.replace('bot', 'none');
  expect(fate(guest, nowhere, get(card))).toBe('forbidden');
  expect(fate(guest, nowhere, says('chat'))).toBe('forbidden');
});

test('what is said in its rooms, and corrected, has who said it as its author', () => {
  const author = { nick: 'romeo', jid: 'romeo@example.org' };
  for (const replaces of ['', "<replace xmlns='urn:xmpp:message-correct:0' id='m1'/>"]) {
    const said = `<message type='groupchat' id='m' from='${guest}' to='${room}'><body>hi</body>${replaces}</message>`;
    expect(decode(stanza(said))).toMatchObject({ is: 'durable', intent: { content: { author } } });
  }
  const privately = `<message type='chat' id='m' from='${guest}' to='${room}/Nurse'><body>hi</body></message>`;
  expect(JSON.stringify(decode(stanza(privately)))).not.toContain('author');
});
