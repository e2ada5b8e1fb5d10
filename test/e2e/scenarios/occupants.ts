/** Nicks, roles, kicks, topics, and other people's coming and going. */
import { expect } from 'vitest';
import { itemOf } from '../../harness/expectations.ts';
import { child, codesOf, conditionOf, textOf } from '../../harness/markup.ts';
import { scenario, theme } from '../../harness/scenario.ts';
import type { JabberPerson } from '../../harness/stage.ts';
import { isSubject } from '../../harness/xmpp-client.ts';

const admin = 'http://jabber.org/protocol/muc#admin';

const topicIs = (person: JabberPerson, room: string, text: string) =>
  person.client.receive(
    (stanza) =>
      isSubject(stanza) && (stanza.attrs.from ?? '').startsWith(room) && textOf(child(stanza, 'subject')) === text,
  );

export const occupants = theme('occupants', [
  scenario('45-60 people join, part and quit', async (stage) => {
    const { romeo } = await stage.pair();
    const nurse = await stage.irc('nurse');
    await nurse.enters();
    expect(itemOf(await romeo.sees(nurse))?.attrs).toMatchObject({ role: 'participant' });
    nurse.client.send(`PART ${stage.channel} :farewell`);
    const parted = await romeo.sees(nurse, 'unavailable');
    expect(itemOf(parted)?.attrs.role).toBe('none');
    await nurse.enters();
    await romeo.sees(nurse);
    nurse.client.send('QUIT :goodnight');
    const quit = await romeo.sees(nurse, 'unavailable');
    expect(codesOf(quit)).not.toContain(307);
  }),

  scenario(
    '45-60 what people say when they part is their status',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      juliet.client.send(`PART ${stage.channel} :farewell`);
      const parted = await romeo.sees(juliet, 'unavailable');
      expect(textOf(child(parted, 'status'))).toContain('farewell');
    },
    { hybrid: 'it swallows the farewell of whoever came within the last second' },
  ),

  scenario('45-54 somebody changes the nick: 303 and the new one, never a leave', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const old = juliet.nick;
    const renamed = `${old}c`;
    juliet.client.send(`NICK ${renamed}`);
    const gone = await romeo.sees(old, 'unavailable');
    expect(codesOf(gone)).toContain(303);
    expect(itemOf(gone)?.attrs).toMatchObject({ nick: renamed });
    expect(itemOf(gone)?.attrs.role).not.toBe('none');
    await romeo.sees(renamed);
    juliet.client.nick = renamed;
    juliet.says('it is still me');
    await romeo.hears(juliet, 'it is still me');
  }),

  scenario('45-52 one changes one’s own nick: confirmed by the network first', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const old = romeo.nick;
    romeo.nick = `${old}m`;
    romeo.client.send(`<presence id='nick' to='${stage.room}/${romeo.nick}'/>`);
    const gone = await romeo.sees(old, 'unavailable');
    expect(codesOf(gone)).toEqual(expect.arrayContaining([110, 303]));
    expect(itemOf(gone)?.attrs.nick).toBe(romeo.nick);
    expect(codesOf(await romeo.sees(romeo))).toContain(110);
    await juliet.sees(old, 'NICK', romeo.nick);
    romeo.says('as the other');
    await juliet.hears(romeo, 'as the other');
  }),

  scenario('45-53 a nick that is taken: conflict, and the old one stays', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.client.send(`<presence id='taken' to='${stage.room}/${juliet.nick}'/>`);
    const error = await romeo.client.receive(`<presence type='error' id='taken'/>`);
    expect(conditionOf(error)).toBe('conflict');
    romeo.says('still me');
    await juliet.hears(romeo, 'still me');
  }),

  scenario('45-61 kicked: 307 and 110, by whom and why; one may come back', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const nurse = await stage.jabber('nurse');
    await nurse.enters();
    await romeo.sees(nurse);
    juliet.client.send(`KICK ${stage.channel} ${romeo.nick} :banished`);
    const kicked = await romeo.sees(romeo, 'unavailable');
    expect(codesOf(kicked)).toEqual(expect.arrayContaining([110, 307]));
    const item = itemOf(kicked);
    expect(item?.attrs.role).toBe('none');
    expect(child(item, 'actor')?.attrs.nick).toBe(juliet.nick);
    expect(textOf(child(item, 'reason'))).toBe('banished');
    const seen = await nurse.sees(romeo, 'unavailable');
    expect(codesOf(seen)).toContain(307);
    expect(codesOf(seen)).not.toContain(110);
    const id = romeo.says('from outside');
    expect(conditionOf(await romeo.client.receive(`<message type='error' id='${id}'/>`))).toBe('not-acceptable');
    await romeo.enters();
    romeo.says('I am back');
    await juliet.hears(romeo, 'I am back');
  }),

  scenario('45-63 a mode is a role: op makes a moderator, voice a member, and back', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.client.send(`MODE ${stage.channel} +o ${romeo.nick}`);
    const op = await romeo.sees(romeo);
    expect(itemOf(op)?.attrs.role).toBe('moderator');
    expect(codesOf(op)).toContain(110);
    juliet.client.send(`MODE ${stage.channel} -o ${romeo.nick}`);
    expect(itemOf(await romeo.sees(romeo))?.attrs.role).toBe('participant');
    juliet.client.send(`MODE ${stage.channel} +v ${romeo.nick}`);
    expect(itemOf(await romeo.sees(romeo))?.attrs.role).toBe('participant');
  }),

  scenario('45-70 a moderator kicks by iq: IRC sees it, the iq is answered', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const nurse = await stage.irc('nurse');
    await nurse.enters();
    await romeo.sees(nurse);
    await juliet.does(`MODE ${stage.channel} +o ${romeo.nick}`);
    await romeo.sees(romeo);
    const answer = await romeo.client.ask(
      `<iq type='set' to='${stage.room}'><query xmlns='${admin}'><item nick='${nurse.nick}' role='none'><reason>out</reason></item></query></iq>`,
    );
    expect(answer.attrs.type).toBe('result');
    await juliet.sees(romeo, 'KICK', `${nurse.nick} :?out`);
    expect(codesOf(await romeo.sees(nurse, 'unavailable'))).toContain(307);
  }),

  scenario('45-73 who is no moderator can not kick: forbidden', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const answer = await romeo.client.ask(
      `<iq type='set' to='${stage.room}'><query xmlns='${admin}'><item nick='${juliet.nick}' role='none'/></query></iq>`,
    );
    expect(conditionOf(answer)).toBe('forbidden');
    expect(child(answer, 'error')?.attrs.type).toBe('auth');
  }),

  scenario('45-39 the topic changes on IRC', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.client.send(`TOPIC ${stage.channel} :Ancient grudge`);
    await topicIs(romeo, stage.room, 'Ancient grudge');
    juliet.client.send(`TOPIC ${stage.channel} :`);
    await topicIs(romeo, stage.room, '');
  }),

  scenario('45-39 the subject changes on Jabber, for those who may', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    await juliet.does(`MODE ${stage.channel} +t`);
    romeo.client.send(`<message type='groupchat' id='no' to='${stage.room}'><subject>Mine</subject></message>`);
    const error = await romeo.client.receive(`<message type='error' id='no' from='${stage.room}'/>`);
    expect(conditionOf(error)).toBe('forbidden');
    await juliet.does(`MODE ${stage.channel} +o ${romeo.nick}`);
    await romeo.sees(romeo);
    romeo.client.send(`<message type='groupchat' id='yes' to='${stage.room}'><subject>Civil blood</subject></message>`);
    await juliet.sees(romeo, 'TOPIC', 'Civil blood');
    await topicIs(romeo, stage.room, 'Civil blood');
  }),
]);
