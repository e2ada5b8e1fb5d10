/** What the configuration decides: who may use it, for how long one lingers, TLS and certificates, several domains. */
import { describe, expect, test } from 'vitest';
import { expectJoinOrder, refusal } from '../harness/expectations.ts';
import type { Role } from '../harness/gateway.ts';
import { tlsName } from '../harness/inspircd.ts';
import { child } from '../harness/markup.ts';
import { useWorld } from '../harness/scenario.ts';
import { Stage } from '../harness/stage.ts';
import { gatewayDomain, ircName } from '../harness/world.ts';

describe('allow, linger, persistent', () => {
  const world = useWorld({ ircd: 'ngircd', allow: ['user1@localhost'], irc: { linger: 1 } });

  test('45-30 who is not on the list is refused, and told so', async () => {
    await using stage = new Stage(world());
    const romeo = await stage.jabber('romeo');
    expect(romeo.client.bare).toBe('user1@localhost');
    expectJoinOrder(await romeo.enters());
    const tybalt = await stage.jabber('tybalt');
    const { condition, type } = await refusal(tybalt.enters());
    expect(condition).toMatch(/^(forbidden|registration-required)$/);
    expect(type).toBe('auth');
  });

  test('after `linger` seconds a lost client is gone from the channel', async () => {
    await using stage = new Stage(world());
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    const romeo = await stage.connected('user1', 'once', `romeo${world().next()}`);
    const { self } = await romeo.enters();
    romeo.nick = self.attrs.from?.split('/')[1] ?? '';
    await juliet.sees(romeo, 'JOIN');
    romeo.client.cut();
    await juliet.client.expect(new RegExp(`^:${romeo.nick}!\\S+ (PART|QUIT)`), 20_000);
  });
});

describe('TLS', () => {
  const room = `#tls%${tlsName}@${gatewayDomain}`;

  describe('with the authority known', () => {
    const world = useWorld({ ircd: 'inspircd', env: ({ tls }) => ({ NODE_EXTRA_CA_CERTS: tls?.ca ?? '' }) });

    test('a required TLS connection is made', async () => {
      await using stage = new Stage(world());
      const romeo = await stage.jabber('romeo');
      expectJoinOrder(await romeo.enters(room));
    });
  });

  describe('with a certificate of nobody', () => {
    const world = useWorld({ ircd: 'inspircd' });

    test('the join is refused, and there is no falling back to plain text', async () => {
      await using stage = new Stage(world());
      const romeo = await stage.jabber('romeo');
      const { condition } = await refusal(romeo.client.join(room, romeo.nick, { within: 60_000 }));
      expect(condition).toMatch(/^remote-server-(timeout|not-found)$/);
    });
  });
});

describe.each<{ readonly where: string; readonly roles: readonly Role[] }>([
  { where: 'one process', roles: ['all'] },
  { where: 'an edge and two workers', roles: ['edge', 'worker', 'worker'] },
])('several domains in $where', ({ roles }) => {
  const second = 'other.localhost';
  const world = useWorld({ ircd: 'ngircd', domains: [second], roles });

  test('114-21 one user is in the same channel through both, as two people', async () => {
    await using stage = new Stage(world());
    const romeo = await stage.jabber('romeo');
    await romeo.enters();
    const twin = `${romeo.nick}b`;
    const joined = await romeo.client.join(`${stage.channel}%${ircName}@${second}`, twin);
    expect(joined.occupants.map(({ attrs }) => attrs.from?.split('/')[1])).toContain(romeo.nick);
    await romeo.sees(twin);
    romeo.says('to myself');
    await romeo.client.receive(
      `<message type='groupchat' from='${stage.channel}%${ircName}@${second}/${romeo.nick}'><body>to myself</body></message>`,
    );
  });

  test('114-21 each domain answers for itself', async () => {
    await using stage = new Stage(world());
    const romeo = await stage.jabber('romeo');
    for (const domain of [gatewayDomain, second]) {
      const answer = await romeo.client.ask(
        `<iq type='get' to='${domain}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`,
      );
      expect(answer.attrs.from).toBe(domain);
      expect(child(child(answer, 'query'), 'identity')).toBeDefined();
      romeo.client.send(`<message type='chat' to='${domain}'><body>help</body></message>`);
      await romeo.client.receive(`<message type='chat' from='${domain}'/>`);
    }
  });
});
