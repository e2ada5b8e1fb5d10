/** What else clients ask of a room: invitations, configuration, moderation by address, what it says of itself. */
import { expect } from 'vitest';
import { child, childrenOf, codesOf, conditionOf, textOf } from '../../harness/markup.ts';
import { scenario, theme } from '../../harness/scenario.ts';

const user = 'http://jabber.org/protocol/muc#user';
const info = 'http://jabber.org/protocol/disco#info';
const query = (room: string, ns: string, inside: string, type: string) =>
  `<iq type='${type}' to='${room}'><query xmlns='${ns}'>${inside}</query></iq>`;
const owner = (room: string, inside = '', type = 'get') =>
  query(room, 'http://jabber.org/protocol/muc#owner', inside, type);
const admin = (room: string, inside: string, type = 'set') =>
  query(room, 'http://jabber.org/protocol/muc#admin', inside, type);

export const rooms = theme('rooms', [
  scenario('45-90 a friend on Jabber is invited by the room, comes in, and is heard on IRC', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const nurse = await stage.jabber('nurse');
    const invite = `<invite to='${nurse.client.bare}'><reason>the feast</reason></invite>`;
    romeo.client.send(`<message to='${stage.room}'><x xmlns='${user}'>${invite}</x></message>`);
    const invited = await nurse.client.receive((one) => child(one, 'x', user) !== undefined);
    expect(invited.attrs.from).toBe(stage.room);
    const inside = child(child(invited, 'x', user), 'invite');
    expect([inside?.attrs.from, textOf(child(inside, 'reason'))]).toEqual([romeo.client.bare, 'the feast']);
    expect(child(invited, 'x', 'jabber:x:conference')?.attrs.jid).toBe(stage.room);
    await nurse.enters();
    nurse.says('I bade her come');
    await juliet.hears(nurse, 'I bade her come');
  }),

  scenario('45-91 an invitation is declined: who invited hears it from the room', async (stage) => {
    const { romeo } = await stage.pair();
    const nurse = await stage.jabber('nurse');
    const decline = `<decline to='${romeo.client.bare}'><reason>busy</reason></decline>`;
    nurse.client.send(`<message to='${stage.room}'><x xmlns='${user}'>${decline}</x></message>`);
    const declined = await romeo.client.receive((one) => child(child(one, 'x', user), 'decline') !== undefined);
    const inside = child(child(declined, 'x', user), 'decline');
    expect([declined.attrs.from, inside?.attrs.from]).toEqual([stage.room, nurse.client.bare]);
    expect(textOf(child(inside, 'reason'))).toBe('busy');
  }),

  scenario('45-90 who may not use the gateway is not invited into it', async (stage) => {
    const { romeo } = await stage.pair();
    const invite = `<invite to='somebody@elsewhere.example'/>`;
    romeo.client.send(`<message id='i' to='${stage.room}'><x xmlns='${user}'>${invite}</x></message>`);
    expect(conditionOf(await romeo.client.receive(`<message type='error' id='i'/>`))).toBe('forbidden');
  }),

  scenario(
    '45-81 45-85 who is in may ask for the configuration, others only for what is their own; the room does not end from here',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      expect((await romeo.client.ask(owner(stage.room))).attrs.type).toBe('result');
      const destroyed = await romeo.client.ask(owner(stage.room, '<destroy/>', 'set'));
      expect(conditionOf(destroyed)).toBe('not-allowed');
      romeo.says('still here');
      await juliet.hears(romeo, 'still here');
      const outside = await stage.jabber('nurse');
      const form = child(child(await outside.client.ask(owner(stage.room)), 'query'), 'x', 'jabber:x:data');
      const names = childrenOf(form, 'field').map(({ attrs }) => attrs.var ?? '');
      expect(names).toContain('record_history');
      expect(names.filter((name) => name.startsWith('muc#roomconfig_'))).toEqual([]);
    },
  ),

  scenario('45-80 an instant room is one already', async (stage) => {
    const { romeo } = await stage.pair();
    const instant = await romeo.client.ask(owner(stage.room, `<x xmlns='jabber:x:data' type='submit'/>`, 'set'));
    expect(instant.attrs.type).toBe('result');
  }),

  scenario('45-70 45-71 a moderator kicks by the contact’s address', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const nurse = await stage.irc('nurse');
    await nurse.enters();
    const seen = await romeo.sees(nurse);
    const jid = child(child(seen, 'x', user), 'item')?.attrs.jid?.split('/')[0];
    await juliet.does(`MODE ${stage.channel} +o ${romeo.nick}`);
    await romeo.sees(romeo);
    const answer = await romeo.client.ask(admin(stage.room, `<item jid='${jid}' role='none'/>`));
    expect(answer.attrs.type).toBe('result');
    expect(codesOf(await romeo.sees(nurse, 'unavailable'))).toContain(307);
  }),

  scenario('45-71 45-73 all or nothing: with somebody who is not there nobody is kicked', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    await juliet.does(`MODE ${stage.channel} +o ${romeo.nick}`);
    await romeo.sees(romeo);
    const items = `<item nick='${juliet.nick}' role='none'/><item nick='nobody${juliet.nick}' role='none'/>`;
    expect(conditionOf(await romeo.client.ask(admin(stage.room, items)))).toBe('item-not-found');
    juliet.says('still here');
    await romeo.hears(juliet, 'still here');
  }),

  scenario('45-73 oneself can not be kicked', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    await juliet.does(`MODE ${stage.channel} +o ${romeo.nick}`);
    await romeo.sees(romeo);
    const answer = await romeo.client.ask(admin(stage.room, `<item nick='${romeo.nick}' role='none'/>`));
    expect(conditionOf(answer)).toBe('conflict');
  }),

  scenario('45-74 moderators and members as lists', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    await juliet.does(`MODE ${stage.channel} +v ${romeo.nick}`);
    await romeo.sees(romeo);
    const nicks = async (item: string) => {
      const answer = await romeo.client.ask(admin(stage.room, item, 'get'));
      return childrenOf(child(answer, 'query'), 'item').map(({ attrs }) => attrs.nick);
    };
    expect(await nicks("<item role='moderator'/>")).toEqual([juliet.nick]);
    expect(await nicks("<item affiliation='member'/>")).toEqual([romeo.nick]);
  }),

  scenario('45-13 the reserved nick is the one that we have there', async (stage) => {
    const { romeo } = await stage.pair();
    const asked = `<iq type='get' to='${stage.room}'><query xmlns='${info}' node='x-roomuser-item'/></iq>`;
    const identity = child(child(await romeo.client.ask(asked), 'query'), 'identity');
    expect(identity?.attrs.name).toBe(romeo.nick);
  }),

  scenario('45-27 45-59 one client of two is gone: the other stays in, and the nick with it', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const phone = await romeo.another('phone');
    await phone.enters();
    await phone.leaves();
    romeo.says('still here');
    await juliet.hears(romeo, 'still here');
    await romeo.hears(romeo, 'still here');
  }),
]);
