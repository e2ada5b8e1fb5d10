/** Coming into a room: the order of things, and every way of being refused. */
import { expect } from 'vitest';
import { expectJoinOrder, itemOf, refusal } from '../../harness/expectations.ts';
import { child, codesOf, textOf } from '../../harness/markup.ts';
import { scenario, theme } from '../../harness/scenario.ts';
import { deadServer, gatewayDomain } from '../../harness/world.ts';

const oneServer = { fixed: 'no other server can be named' };

export const joining = theme('joining', [
  scenario('45-20 45-22 45-38 the others, oneself with 110, then the subject', async (stage) => {
    const juliet = await stage.irc('juliet');
    const nurse = await stage.irc('nurse');
    await juliet.enters();
    await nurse.enters();
    const romeo = await stage.jabber('romeo');
    const joined = await romeo.enters();
    expectJoinOrder(joined);
    expect(joined.occupants.map(({ attrs }) => attrs.from).sort()).toEqual(
      [`${stage.room}/${juliet.nick}`, `${stage.room}/${nurse.nick}`].sort(),
    );
    expect(joined.self.attrs.from).toBe(`${stage.room}/${romeo.nick}`);
    expect(joined.subject).toBe('');
    await juliet.sees(romeo, 'JOIN');
  }),

  scenario('45-38 the subject that the channel has comes last', async (stage) => {
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    await juliet.does(`TOPIC ${stage.channel} :Two households`);
    const romeo = await stage.jabber('romeo');
    const joined = await romeo.enters();
    expectJoinOrder(joined);
    expect(joined.subject).toBe('Two households');
  }),

  scenario('45-20 what is said during a join comes behind the subject, and nothing is lost', async (stage) => {
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    const romeo = await stage.jabber('romeo');
    const joining = romeo.enters();
    await juliet.sees(romeo, 'JOIN');
    for (let n = 1; n <= 20; n++) juliet.says(`line ${n}`);
    expectJoinOrder(await joining);
    for (let n = 1; n <= 20; n++) await romeo.hears(juliet, `line ${n}`);
  }),

  scenario('45-21 45-63 operators are moderators, the others participants', async (stage) => {
    const juliet = await stage.irc('juliet');
    const nurse = await stage.irc('nurse');
    await juliet.enters();
    await nurse.enters();
    const romeo = await stage.jabber('romeo');
    const { occupants } = await romeo.enters();
    const roleOf = (nick: string): string | undefined =>
      occupants.filter(({ attrs }) => attrs.from?.endsWith(`/${nick}`)).map((one) => itemOf(one)?.attrs.role)[0];
    expect(roleOf(juliet.nick)).toBe('moderator');
    expect(roleOf(nurse.nick)).toBe('participant');
  }),

  scenario(
    '45-23 45-80 who comes first is an operator of a channel that needs no making: no 201, and open to others at once',
    async (stage) => {
      const romeo = await stage.jabber('romeo');
      const { self } = await romeo.enters();
      expect(codesOf(self)).toEqual([100, 110]);
      expect(itemOf(self)?.attrs).toMatchObject({ affiliation: 'admin', role: 'moderator' });
      const nurse = await stage.jabber('nurse');
      expectJoinOrder(await nurse.enters());
      await romeo.sees(nurse);
    },
  ),

  scenario('45-26 joining again is a full resync, and IRC sees nothing of it', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const since = juliet.client.inbox.all.length;
    const again = await romeo.enters();
    expectJoinOrder(again);
    expect(again.occupants).toHaveLength(1);
    await juliet.client.roundtrip();
    expect(juliet.client.seen(/ (JOIN|PART) /, since)).toEqual([]);
  }),

  scenario('45-30 an invite-only channel: registration-required', async (stage) => {
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    await juliet.does(`MODE ${stage.channel} +i`);
    const romeo = await stage.jabber('romeo');
    expect(await refusal(romeo.enters())).toMatchObject({ condition: 'registration-required', type: 'auth' });
    await juliet.does(`INVITE ${romeo.nick} ${stage.channel}`);
  }),

  scenario('45-30 banned: forbidden', async (stage) => {
    const juliet = await stage.irc('juliet');
    const romeo = await stage.jabber('romeo');
    await juliet.enters();
    await juliet.does(`MODE ${stage.channel} +b ${romeo.nick}!*@*`);
    expect(await refusal(romeo.enters())).toMatchObject({ condition: 'forbidden', type: 'auth' });
  }),

  scenario('45-30 a full channel: service-unavailable, and room again when somebody leaves', async (stage) => {
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    await juliet.does(`MODE ${stage.channel} +l 1`);
    const romeo = await stage.jabber('romeo');
    expect(await refusal(romeo.enters())).toMatchObject({ condition: 'service-unavailable', type: 'wait' });
    await juliet.does(`MODE ${stage.channel} +l 2`);
    expectJoinOrder(await romeo.enters());
  }),

  scenario(
    '45-30 a channel with a key: not-authorized without it and with a wrong one, in with the right one',
    async (stage) => {
      const juliet = await stage.irc('juliet');
      await juliet.enters();
      await juliet.does(`MODE ${stage.channel} +k verona`);
      const romeo = await stage.jabber('romeo');
      expect(await refusal(romeo.enters())).toMatchObject({ condition: 'not-authorized', type: 'auth' });
      const wrong = romeo.enters(stage.room, { password: 'mantua' });
      expect(await refusal(wrong)).toMatchObject({ condition: 'not-authorized', type: 'auth' });
      expectJoinOrder(await romeo.enters(stage.room, { password: 'verona' }));
    },
  ),

  scenario('45-30 a nick that somebody has: conflict; another nick then gets in', async (stage) => {
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    const romeo = await stage.jabber('romeo');
    const own = romeo.nick;
    romeo.nick = juliet.nick;
    expect(await refusal(romeo.enters())).toMatchObject({ condition: 'conflict', type: 'cancel' });
    romeo.nick = own;
    expectJoinOrder(await romeo.enters());
    await juliet.sees(romeo, 'JOIN');
  }),

  scenario('45-30 a nick that IRC can not have: not-acceptable', async (stage) => {
    const romeo = await stage.jabber('romeo');
    romeo.nick = 'Romeo of Montague';
    const { presence, condition } = await refusal(romeo.enters());
    expect(presence.attrs.from).toBe(`${stage.room}/Romeo of Montague`);
    expect(condition).toBe('not-acceptable');
  }),

  scenario('45-30 a channel name that the server refuses is answered', async (stage) => {
    const romeo = await stage.jabber('romeo');
    const room = stage.world.room(`#${'long'.repeat(60)}`);
    const { presence } = await refusal(romeo.enters(room));
    expect(presence.attrs.type).toBe('error');
  }),

  scenario('45-30 a comma in the name joins no second channel', async (stage) => {
    const { channel } = stage.otherChannel();
    const juliet = await stage.irc('juliet');
    await juliet.enters(channel);
    const romeo = await stage.jabber('romeo');
    await refusal(romeo.enters(stage.world.room(`${stage.channel},${channel}`)));
    await juliet.client.roundtrip();
    expect(juliet.client.seen(new RegExp(`:${romeo.nick}!.* JOIN`))).toEqual([]);
  }),

  scenario('45-30 a join without a nick: jid-malformed', async (stage) => {
    const romeo = await stage.jabber('romeo');
    romeo.client.send(`<presence id='bare' to='${stage.room}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
    await romeo.client.receive(
      `<presence type='error' id='bare' from='${stage.room}'><error type='modify'><jid-malformed/></error></presence>`,
    );
  }),

  scenario(
    '45-30 a server that does not answer, and one that does not exist: an error, and the user is free to go elsewhere',
    async (stage) => {
      const romeo = await stage.jabber('romeo');
      const dead = await refusal(
        romeo.client.join(`#x%${deadServer}@${gatewayDomain}`, romeo.nick, { within: 60_000 }),
      );
      expect(dead.condition).toMatch(/^remote-server-(timeout|not-found)$/);
      const nowhere = `#x%no-such-host.invalid@${gatewayDomain}`;
      const lost = await refusal(romeo.client.join(nowhere, romeo.nick, { within: 60_000 }));
      expect(lost.condition).toMatch(/^remote-server-(timeout|not-found)$/);
      expectJoinOrder(await romeo.enters());
    },
    oneServer,
  ),

  scenario(
    'an address in a private range that is not listed is refused',
    async (stage) => {
      const romeo = await stage.jabber('romeo');
      const { condition } = await refusal(romeo.client.join(`#x%127.0.0.1@${gatewayDomain}`, romeo.nick));
      expect(condition).not.toBe('');
    },
    oneServer,
  ),

  scenario(
    '45-25 presence without <x/> from somebody who is not in the room: unavailable with 110, 307 and 333',
    async (stage) => {
      const { romeo } = await stage.pair();
      const mercutio = await stage.jabber('mercutio');
      mercutio.client.send(`<presence to='${stage.room}/${mercutio.nick}'/>`);
      const gone = await mercutio.sees(mercutio, 'unavailable');
      expect(codesOf(gone).toSorted()).toEqual([110, 307, 333]);
      expect(itemOf(gone)?.attrs).toMatchObject({ affiliation: 'none', role: 'none' });
      expect(textOf(child(itemOf(gone), 'reason'))).not.toBe('');
      await romeo.client.roundtrip(gatewayDomain);
    },
  ),
]);
