/** A channel's modes as room configuration: seen, changed, told, and by whom. */
import { expect } from 'vitest';
import { refusal } from '../../harness/expectations.ts';
import { child, codesOf, conditionOf } from '../../harness/markup.ts';
import { configures, features, fieldsOf, reads } from '../../harness/requests.ts';
import { scenario, theme } from '../../harness/scenario.ts';
import type { IrcPerson, JabberPerson, Stage } from '../../harness/stage.ts';

const field = (name: string): string => `muc#roomconfig_${name}`;

/** A Jabber user who made the channel, and so is its operator. */
async function founder(stage: Stage): Promise<{ readonly romeo: JabberPerson; readonly juliet: IrcPerson }> {
  const romeo = await stage.jabber('romeo');
  await romeo.enters();
  const juliet = await stage.irc('juliet');
  await juliet.enters();
  await romeo.sees(juliet);
  return { romeo, juliet };
}

const form = async (person: JabberPerson, room: string) => fieldsOf(child(await reads(person, room), 'query'));

const changed = (person: JabberPerson, room: string) =>
  person.client.receive(
    (stanza) => stanza.name === 'message' && stanza.attrs.from === room && codesOf(stanza).includes(104),
  );

export const configuring = theme('configuring rooms', [
  scenario('45-81 45-84 the form has the channel’s modes as they are', async (stage) => {
    const { romeo } = await founder(stage);
    const before = await form(romeo, stage.room);
    expect(before.FORM_TYPE).toEqual(['http://jabber.org/protocol/muc#roomconfig']);
    expect(before[field('moderatedroom')]).toEqual(['0']);
    expect(before[field('membersonly')]).toEqual(['0']);
    expect(before[field('passwordprotectedroom')]).toEqual(['0']);
  }),

  scenario('45-82 45-83 moderated, by the form: +m on IRC, 104 in the room, and it reads so', async (stage) => {
    const { romeo, juliet } = await founder(stage);
    expect((await configures(romeo, stage.room, { moderatedroom: '1' })).attrs.type).toBe('result');
    await juliet.sees(romeo, 'MODE', '\\+m');
    await changed(romeo, stage.room);
    expect((await form(romeo, stage.room))[field('moderatedroom')]).toEqual(['1']);
    expect(await features(romeo, stage.room)).toContain('muc_moderated');
  }),

  scenario('45-82 a key by the form; who comes needs it', async (stage) => {
    const { romeo, juliet } = await founder(stage);
    const set = await configures(romeo, stage.room, { passwordprotectedroom: '1', roomsecret: 'verona' });
    expect(set.attrs.type).toBe('result');
    await juliet.sees(romeo, 'MODE', '\\+k :?verona');
    const paris = await stage.jabber('paris');
    expect(await refusal(paris.enters())).toMatchObject({ condition: 'not-authorized' });
    await paris.enters(stage.room, { password: 'verona' });
    await configures(romeo, stage.room, { passwordprotectedroom: '0', roomsecret: '' });
    await juliet.sees(romeo, 'MODE', '-k');
  }),

  scenario('45-82 invite-only, a limit, a topic for operators alone', async (stage) => {
    const { romeo, juliet } = await founder(stage);
    await configures(romeo, stage.room, { membersonly: '1' });
    await juliet.sees(romeo, 'MODE', '\\+i');
    await configures(romeo, stage.room, { maxusers: '20' });
    await juliet.sees(romeo, 'MODE', '\\+l :?20');
    const shown = await form(romeo, stage.room);
    expect(shown[field('membersonly')]).toEqual(['1']);
    expect(shown[field('maxusers')]).toEqual(['20']);
    await configures(romeo, stage.room, { membersonly: '0', maxusers: 'none' });
    await juliet.sees(romeo, 'MODE', '-(il|li|i|l)');
  }),

  scenario('45-82 a form that is sent back as it was changes nothing', async (stage) => {
    const { romeo, juliet } = await founder(stage);
    const shown = await form(romeo, stage.room);
    const since = juliet.client.inbox.all.length;
    const back = Object.fromEntries(
      Object.entries(shown)
        .filter(([name]) => name.startsWith('muc#roomconfig_'))
        .map(([name, values]) => [name.replace('muc#roomconfig_', ''), values]),
    );
    expect((await configures(romeo, stage.room, back)).attrs.type).toBe('result');
    await juliet.client.roundtrip();
    expect(juliet.client.seen(/ (MODE|TOPIC) /, since)).toEqual([]);
  }),

  scenario('45-83 modes that IRC people set are told with 104', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    await juliet.does(`MODE ${stage.channel} +i`);
    await changed(romeo, stage.room);
    expect((await form(romeo, stage.room))[field('membersonly')]).toEqual(['1']);
  }),

  scenario('45-81 who is no operator changes nothing: forbidden', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const answer = await configures(romeo, stage.room, { moderatedroom: '1' });
    expect(conditionOf(answer)).toBe('forbidden');
    await juliet.client.roundtrip();
    expect(juliet.client.seen(/ MODE .*\+m/)).toEqual([]);
  }),

  scenario('45-85 a channel is not destroyed from here, and says so', async (stage) => {
    const { romeo, juliet } = await founder(stage);
    const answer = await romeo.client.ask(
      `<iq type='set' to='${stage.room}'><query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query></iq>`,
    );
    expect(conditionOf(answer)).toBe('not-allowed');
    romeo.says('still here');
    await juliet.hears(romeo, 'still here');
  }),
]);
