/** A domain that is one IRC server's (`fixedServer`): `#channel@domain`, `nick@domain`, and the domain itself for lines, forms and the list of channels. */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { configuring } from '../e2e/scenarios/configuring.ts';
import { moderating } from '../e2e/scenarios/moderating.ts';
import { occupants } from '../e2e/scenarios/occupants.ts';
import { rooms } from '../e2e/scenarios/rooms.ts';
import { talking } from '../e2e/scenarios/talking.ts';
import { bodyOf, child, codesOf } from '../harness/markup.ts';
import { type MemoryWorld, startMemoryWorld } from '../harness/memory-world.ts';
import { executes, fieldsOf, fills, items } from '../harness/requests.ts';
import { playIn, scenario, theme } from '../harness/scenario.ts';
import type { JabberPerson } from '../harness/stage.ts';
import { gatewayDomain as domain } from '../harness/world.ts';

const nodes = 'http://jabber.org/protocol/commands';

/** Waits for a line in that conversation. */
const told = (who: JabberPerson, from: string, text: string | RegExp) =>
  who.client.receive((one) => {
    const body = one.name === 'message' && one.attrs.from === from ? bodyOf(one) : undefined;
    return body !== undefined && (typeof text === 'string' ? body === text : text.test(body));
  });

const writes = (who: JabberPerson, to: string, text: string): void =>
  who.client.send(`<message type='chat' id='${who.client.newId()}' to='${to}'><body>${text}</body></message>`);

const oneServer = theme('one server', [
  scenario('45-47 a person is nick@domain, both ways', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    writes(romeo, `${juliet.nick}@${domain}`, 'she speaks');
    await juliet.hears(romeo, 'she speaks', juliet.nick);
    juliet.says('ay me', romeo.nick);
    await told(romeo, `${juliet.nick}@${domain}`, 'ay me');
  }),

  scenario('45-47 a person whose nick no localpart holds is domain/nick', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    writes(romeo, `${domain}/${juliet.nick}`, '?OTR:AAMC.');
    await juliet.hears(romeo, '?OTR:AAMC.', juliet.nick);
  }),

  scenario(
    'a line to the domain is the server’s, and so is the answer; the gateway’s own words still are',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      writes(romeo, domain, `PRIVMSG ${juliet.nick} :raw but true`);
      await juliet.hears(romeo, 'raw but true', juliet.nick);
      writes(romeo, domain, `WHOIS ${juliet.nick}`);
      await told(romeo, domain, new RegExp(juliet.nick));
      writes(romeo, domain, 'help');
      await told(romeo, domain, /configure/);
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

  scenario('45-01 030-05 the domain lists the channels, once one is connected', async (stage) => {
    const { romeo } = await stage.pair();
    const { items: all } = await items(romeo, domain);
    expect(all.map(({ attrs }) => attrs.jid)).toContain(stage.room);
  }),
]);

describe('in memory', () => {
  let world: MemoryWorld | undefined;
  const live = (): MemoryWorld => {
    if (world === undefined) throw new Error('the world did not start');
    return world;
  };
  beforeAll(async () => {
    world = await startMemoryWorld('modern', true);
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    expect(live().errors).toEqual([]);
  });

  playIn(live, ['modern', 'memory'], [oneServer, talking, occupants, rooms, moderating, configuring]);
});
