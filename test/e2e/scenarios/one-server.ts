/** A domain that is one IRC server's (`fixedServer`), beside what every domain does: people and lines at the domain itself, and its commands. */
import { expect } from 'vitest';
import { expectJoinOrder } from '../../harness/expectations.ts';
import { bodyOf, child, codesOf } from '../../harness/markup.ts';
import { executes, fieldsOf, fills, items } from '../../harness/requests.ts';
import { scenario, theme } from '../../harness/scenario.ts';
import type { JabberPerson } from '../../harness/stage.ts';
import { gatewayDomain as domain, ircName } from '../../harness/world.ts';

const nodes = 'http://jabber.org/protocol/commands';

/** Waits for a line in that conversation. */
const told = (who: JabberPerson, from: string, text: string | RegExp) =>
  who.client.receive((one) => {
    const body = one.name === 'message' && one.attrs.from === from ? bodyOf(one) : undefined;
    return body !== undefined && (typeof text === 'string' ? body === text : text.test(body));
  });

const writes = (who: JabberPerson, to: string, text: string): void =>
  who.client.send(`<message type='chat' id='${who.client.newId()}' to='${to}'><body>${text}</body></message>`);

export const oneServer = theme('one server', [
  scenario('45-47 a person whose nick no localpart holds is domain/nick', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    writes(romeo, `${domain}/${juliet.nick}`, '?OTR:AAMC.');
    await juliet.hears(romeo, '?OTR:AAMC.', juliet.nick);
  }),

  scenario(
    'a line to the domain is the server’s, and so is the answer; the gateway’s own words still are, and the help says so',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      writes(romeo, domain, `PRIVMSG ${juliet.nick} :raw but true`);
      await juliet.hears(romeo, 'raw but true', juliet.nick);
      writes(romeo, domain, `WHOIS ${juliet.nick}`);
      await told(romeo, domain, new RegExp(juliet.nick));
      writes(romeo, domain, 'help');
      await told(romeo, domain, new RegExp(`^This is ${ircName}\\. .*CAPITALS[\\s\\S]*configure`));
    },
  ),

  scenario('050-01 the domain has the commands of the gateway and of the server', async (stage) => {
    const romeo = await stage.jabber('romeo');
    const { items: all } = await items(romeo, domain, '', nodes);
    expect(all.map(({ attrs }) => attrs.node)).toEqual(
      expect.arrayContaining([
        'global-configure',
        'server-configure',
        'get-irc-connection-info',
        'disconnect-from-irc-server',
      ]),
    );
    const form = fieldsOf(child(await executes(romeo, domain, `node='server-configure'`), 'command', nodes));
    expect(Object.keys(form)).not.toContain('address');
    const wanted = `montague${stage.world.next()}`;
    await fills(romeo, domain, 'server-configure', { nick: wanted });
    const { self } = await romeo.enters();
    expect(self.attrs.from).toBe(`${stage.room}/${wanted}`);
    expect(codesOf(self)).toContain(210);
  }),

  scenario('45-20 a percent sign in a name means nothing: the room is the one that was asked for', async (stage) => {
    const channel = `${stage.channel}%irc.example.org`;
    const room = stage.world.room(channel);
    const juliet = await stage.irc('juliet');
    await juliet.enters(channel);
    const romeo = await stage.jabber('romeo');
    const joined = await romeo.enters(room);
    expectJoinOrder(joined);
    expect(joined.self.attrs.from).toBe(`${room}/${romeo.nick}`);
    romeo.says('is it here?', room);
    await juliet.hears(romeo, 'is it here?', channel);
    juliet.says('it is', channel);
    await romeo.hears(juliet, 'it is', room);
  }),
]);
