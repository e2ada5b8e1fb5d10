/** What the gateway says of itself, and that whoever asks is answered. */
import { expect } from 'vitest';
import { child, childrenOf, conditionOf } from '../../harness/markup.ts';
import { scenario, theme } from '../../harness/scenario.ts';
import type { JabberPerson } from '../../harness/stage.ts';
import { gatewayDomain } from '../../harness/world.ts';

const info = 'http://jabber.org/protocol/disco#info';

async function disco(person: JabberPerson, to: string) {
  const answer = await person.client.ask(`<iq type='get' to='${to}'><query xmlns='${info}'/></iq>`);
  const query = child(answer, 'query', info);
  return {
    answer,
    identities: childrenOf(query, 'identity').map(({ attrs }) => `${attrs.category}/${attrs.type}`),
    features: childrenOf(query, 'feature').map(({ attrs }) => attrs.var),
  };
}

export const services = theme('services', [
  scenario('030-10 45-01 the gateway: gateway/irc and conference/text, with muc', async (stage) => {
    const romeo = await stage.jabber('romeo');
    const { identities, features } = await disco(romeo, gatewayDomain);
    expect(identities).toEqual(expect.arrayContaining(['gateway/irc', 'conference/text']));
    expect(features).toEqual(
      expect.arrayContaining([info, 'http://jabber.org/protocol/muc', 'urn:xmpp:ping', 'jabber:iq:version']),
    );
    expect(new Set(features).size).toBe(features.length);
  }),

  scenario('45-10 030-08 a room: conference/text, muc and what we support', async (stage) => {
    const { romeo } = await stage.pair();
    const { identities, features } = await disco(romeo, stage.room);
    expect(identities).toContain('conference/text');
    expect(features).toEqual(
      expect.arrayContaining([
        'http://jabber.org/protocol/muc',
        'http://jabber.org/protocol/muc#self-ping-optimization',
        'urn:xmpp:sid:0',
        'urn:xmpp:occupant-id:0',
      ]),
    );
  }),

  scenario('45-10 a room that one is not in is described as well', async (stage) => {
    const romeo = await stage.jabber('romeo');
    const { identities } = await disco(romeo, stage.room);
    expect(identities).toContain('conference/text');
  }),

  scenario('45-14 45-13 no extension passes; the reserved nick is ours; another node is not found', async (stage) => {
    const { romeo } = await stage.pair();
    const about = (node: string) =>
      romeo.client.ask(`<iq type='get' to='${stage.room}'><query xmlns='${info}' node='${node}'/></iq>`);
    const traffic = 'http://jabber.org/protocol/muc#traffic';
    expect(child(await about(traffic), 'query')).toMatchObject({ attrs: { node: traffic }, children: [] });
    const reserved = child(await about('x-roomuser-item'), 'query');
    expect([reserved?.attrs.node, child(reserved, 'identity')?.attrs.name]).toEqual(['x-roomuser-item', romeo.nick]);
    expect(conditionOf(await about('no-such-node'))).toBe('item-not-found');
  }),

  scenario('199-01 410-04 a ping to the gateway, the server, the room, somebody in it', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const person = `${stage.room}/${juliet.nick}`;
    for (const to of [gatewayDomain, stage.server, stage.room, person]) {
      const answer = await romeo.client.ask(`<iq type='get' to='${to}'><ping xmlns='urn:xmpp:ping'/></iq>`);
      expect(answer.attrs.type, to).toBe('result');
    }
  }),

  scenario('092-01 202-01 012-01 version, time, last', async (stage) => {
    const romeo = await stage.jabber('romeo');
    const version = await romeo.client.ask(
      `<iq type='get' to='${gatewayDomain}'><query xmlns='jabber:iq:version'/></iq>`,
    );
    expect(child(child(version, 'query'), 'name')).toBeDefined();
    expect(child(child(version, 'query'), 'os')).toBeUndefined();
    const time = await romeo.client.ask(`<iq type='get' to='${gatewayDomain}'><time xmlns='urn:xmpp:time'/></iq>`);
    expect(child(child(time, 'time'), 'utc')).toBeDefined();
    const last = await romeo.client.ask(`<iq type='get' to='${gatewayDomain}'><query xmlns='jabber:iq:last'/></iq>`);
    expect(Number(child(last, 'query')?.attrs.seconds)).toBeGreaterThanOrEqual(0);
  }),

  scenario('GEN-01 an unknown iq is refused wherever it goes', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const everywhere = [
      gatewayDomain,
      stage.server,
      stage.room,
      `${stage.room}/${juliet.nick}`,
      `${stage.room}/nobody`,
      stage.address(juliet.nick),
      `gibberish@${gatewayDomain}`,
      stage.world.room('#other'),
    ];
    for (const to of everywhere) {
      for (const type of ['get', 'set']) {
        const answer = await romeo.client.ask(
          `<iq type='${type}' to='${to}'><query xmlns='urn:example:unknown'/></iq>`,
        );
        expect(answer.attrs.type, to).toBe('error');
        expect(answer.attrs.from).toBe(to);
        expect(conditionOf(answer), to).toMatch(
          /^(service-unavailable|feature-not-implemented|item-not-found|jid-malformed|not-acceptable|bad-request)$/,
        );
      }
    }
  }),

  scenario('GEN-03 errors and results are never answered', async (stage) => {
    const { romeo } = await stage.pair();
    const since = romeo.client.inbox.all.length;
    const error = `<error type='cancel'><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
    for (const to of [gatewayDomain, `gibberish@${gatewayDomain}`, stage.room]) {
      romeo.client.send(`<iq type='result' id='r' to='${to}'/><iq type='error' id='e' to='${to}'>${error}</iq>`);
      romeo.client.send(`<message type='headline' id='h' to='${to}'><body>x</body></message>`);
    }
    romeo.client.send(`<presence type='error' id='pe' to='${gatewayDomain}'>${error}</presence>`);
    await romeo.client.sawNothingLike(
      ({ attrs }) => ['r', 'e', 'pe', 'h'].includes(attrs.id ?? ''),
      gatewayDomain,
      since,
    );
  }),

  scenario('GEN-08 45-29 odd presences are ignored, a subscription to a room is turned down', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    for (const type of ['probe', 'subscribed', 'unsubscribe']) {
      romeo.client.send(`<presence type='${type}' to='${stage.room}'/>`);
      romeo.client.send(`<presence type='${type}' to='gibberish@${gatewayDomain}'/>`);
    }
    // Servers tell of subscriptions to whoever has asked for the roster.
    await romeo.client.ask(`<iq type='get'><query xmlns='jabber:iq:roster'/></iq>`);
    romeo.client.send(`<presence type='subscribe' to='${stage.room}'/>`);
    await romeo.client.receive(`<presence type='unsubscribed' from='${stage.room}'/>`);
    romeo.says('unmoved');
    await juliet.hears(romeo, 'unmoved');
    expect(romeo.client.seen(`<presence type='unavailable' from='${stage.room}/${romeo.nick}'/>`)).toEqual([]);
  }),
]);
