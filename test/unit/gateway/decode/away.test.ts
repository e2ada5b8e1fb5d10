/** Requests to rooms: what goes to the account, and what is said where there is none (XEP-0045 §6.4 to §6.6, XEP-0410). */
import { describe, expect, test } from 'vitest';
import { noArchive } from '../../../../src/accounts/archiving.ts';
import { accountId } from '../../../../src/core/ids.ts';
import type { Element } from '../../../../src/xml/element.ts';
import { child, childrenOf, conditionOf } from '../../../harness/markup.ts';
import { away, channel, decode, me } from './world.ts';

const iq = (to: string, payload: string, type = 'get') =>
  `<iq type='${type}' id='q' from='${me}' to='${to}'>${payload}</iq>`;
const info = (node = '') => `<query xmlns='http://jabber.org/protocol/disco#info'${node && ` node='${node}'`}/>`;
const items = (node = '') => `<query xmlns='http://jabber.org/protocol/disco#items'${node && ` node='${node}'`}/>`;
const ping = "<ping xmlns='urn:xmpp:ping'/>";
const owner = "<query xmlns='http://jabber.org/protocol/muc#owner'/>";
const nick = `${channel}/Romeo`;

/** Mail, and the one answer where nobody reads it. */
function asked(to: string, payload: string): Element | undefined {
  expect(decode(iq(to, payload))).toMatchObject({ is: 'mail' });
  const [answer, ...more] = away(iq(to, payload));
  expect(more).toEqual([]);
  expect(answer?.attrs).toMatchObject({ id: 'q', from: to, to: me });
  return answer;
}

describe('a room that nobody of the account is in', () => {
  test('45-10 45-02 030-08 is described by its address', () => {
    const query = child(asked(channel, info()), 'query');
    expect(childrenOf(query, 'identity').map(({ attrs }) => [attrs.category, attrs.type])).toEqual([
      ['conference', 'text'],
    ]);
    const features = childrenOf(query, 'feature').map(({ attrs }) => attrs.var);
    expect(new Set(features).size).toBe(features.length);
    expect(features).toEqual(
      expect.arrayContaining([
        'http://jabber.org/protocol/muc',
        'http://jabber.org/protocol/muc#self-ping-optimization',
        'urn:xmpp:occupant-id:0',
        'urn:xmpp:sid:0',
      ]),
    );
    const pairs = [
      ['muc_public', 'muc_hidden'],
      ['muc_persistent', 'muc_temporary'],
      ['muc_open', 'muc_membersonly'],
      ['muc_moderated', 'muc_unmoderated'],
      ['muc_nonanonymous', 'muc_semianonymous'],
      ['muc_passwordprotected', 'muc_unsecured'],
    ];
    for (const pair of pairs) expect(pair.filter((one) => features.includes(one))).toHaveLength(1);
  });

  test('45-12 030-04 lists nobody', () => {
    const query = child(asked(channel, items()), 'query');
    expect(query?.children).toEqual([]);
  });

  test('45-13 reserves no nick: an empty answer with the node', () => {
    const query = child(asked(channel, info('x-roomuser-item')), 'query');
    expect([query?.attrs.node, query?.children]).toEqual(['x-roomuser-item', []]);
  });

  test.each([
    ['030-02 another node', channel, info('other'), 'item-not-found'],
    ['030-02 another node of items', channel, items('other'), 'item-not-found'],
    ['45-15 an occupant', nick, info(), 'bad-request'],
    ['45-15 an occupant’s items', nick, items(), 'bad-request'],
  ])('%s', (_, to, payload, condition) => {
    const answer = asked(to, payload);
    expect(answer && conditionOf(answer)).toBe(condition);
  });

  test('configuration without a connection: where nothing can be set, the error says why', async () => {
    const decoded = decode(iq(channel, owner));
    const asking = { account: { id: accountId('romeo'), owner: me, on: 'irc.test' }, session: undefined };
    const rest = { archive: noArchive, now: () => 0, signal: new AbortController().signal };
    const answers = decoded.is === 'mail' ? await decoded.absent?.({ ...asking, ...rest }) : undefined;
    expect(answers).toMatchObject([{ kind: 'iq', type: 'error', id: 'q', from: channel, to: [me] }]);
    expect(answers?.[0]?.body.text).toMatch(/<recipient-unavailable .*You are not connected to \S+: join the room/);
  });

  test('410-02 410-03 a self-ping is answered by the room: you are not in', () => {
    const answer = asked(nick, ping);
    expect(answer && conditionOf(answer)).toBe('not-acceptable');
    expect(child(answer, 'error')?.attrs).toMatchObject({ type: 'cancel', by: channel });
  });
});

describe('known without looking', () => {
  test('45-14 of extensions nothing passes: an empty list, with the node', () => {
    const node = 'http://jabber.org/protocol/muc#traffic';
    const decoded = decode(iq(channel, info(node)));
    expect(decoded).toMatchObject({ is: 'answer', stanzas: [{ type: 'result' }] });
    expect(decoded.is === 'answer' && decoded.stanzas[0]?.body.text).toBe(
      `<query xmlns='http://jabber.org/protocol/disco#info' node='${node}'/>`,
    );
  });

  test('199-01 the room itself answers pings', () => {
    expect(decode(iq(channel, ping))).toMatchObject({ is: 'answer', stanzas: [{ type: 'result', from: channel }] });
  });
});
