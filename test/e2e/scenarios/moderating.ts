/** Moderation by muc#admin, confirmed by IRC: powers, kicks, bans, lists, and who may. */
import { expect } from 'vitest';
import { itemOf } from '../../harness/expectations.ts';
import { child, childrenOf, codesOf, conditionOf, show, textOf } from '../../harness/markup.ts';
import { administers, executes, fills, submit } from '../../harness/requests.ts';
import { only, scenario, theme } from '../../harness/scenario.ts';
import type { IrcPerson, JabberPerson, Stage } from '../../harness/stage.ts';

/** The usual pair, with the Jabber user an operator. */
async function inCharge(stage: Stage): Promise<{ readonly romeo: JabberPerson; readonly juliet: IrcPerson }> {
  const { romeo, juliet } = await stage.pair();
  await juliet.does(`MODE ${stage.channel} +o ${romeo.nick}`);
  await romeo.sees(romeo);
  return { romeo, juliet };
}

const listed = (answer: Parameters<typeof child>[0]) =>
  childrenOf(child(answer, 'query'), 'item').map(({ attrs }) => attrs);

export const moderating = theme('moderating', [
  scenario('45-71 role moderator is the operator’s mode, and participant takes it away', async (stage) => {
    const { romeo, juliet } = await inCharge(stage);
    const nurse = await stage.irc('nurse');
    await nurse.enters();
    await romeo.sees(nurse);
    const raised = await administers(romeo, stage.room, `<item nick='${nurse.nick}' role='moderator'/>`);
    expect(raised.attrs.type).toBe('result');
    await juliet.sees(romeo, 'MODE', `\\+[oh] :?${nurse.nick}`);
    expect(itemOf(await romeo.sees(nurse))?.attrs.role).toBe('moderator');
    const lowered = await administers(romeo, stage.room, `<item nick='${nurse.nick}' role='participant'/>`);
    expect(lowered.attrs.type).toBe('result');
    expect(itemOf(await romeo.sees(nurse))?.attrs.role).toBe('participant');
  }),

  scenario('45-71 45-63 in a moderated channel a participant has voice, a visitor has none', async (stage) => {
    const { romeo, juliet } = await inCharge(stage);
    const nurse = await stage.irc('nurse');
    await nurse.enters();
    await romeo.sees(nurse);
    await juliet.does(`MODE ${stage.channel} +m`);
    expect(itemOf(await romeo.sees(nurse))?.attrs.role).toBe('visitor');
    await administers(romeo, stage.room, `<item nick='${nurse.nick}' role='participant'/>`);
    await juliet.sees(romeo, 'MODE', `\\+v :?${nurse.nick}`);
    expect(itemOf(await romeo.sees(nurse))?.attrs.role).toBe('participant');
    await administers(romeo, stage.room, `<item nick='${nurse.nick}' role='visitor'/>`);
    await juliet.sees(romeo, 'MODE', `-v :?${nurse.nick}`);
    expect(itemOf(await romeo.sees(nurse))?.attrs.role).toBe('visitor');
  }),

  scenario('45-61 45-71 a ban by nick: the mask is set, they go with 301', async (stage) => {
    const { romeo, juliet } = await inCharge(stage);
    const tybalt = await stage.irc('tybalt');
    await tybalt.enters();
    await romeo.sees(tybalt);
    const answer = await administers(
      romeo,
      stage.room,
      `<item nick='${tybalt.nick}' affiliation='outcast'><reason>a brawl</reason></item>`,
    );
    expect(answer.attrs.type).toBe('result');
    await juliet.sees(romeo, 'MODE', '\\+b');
    await juliet.sees(romeo, 'KICK', tybalt.nick);
    const gone = await romeo.sees(tybalt, 'unavailable');
    expect(codesOf(gone)).toContain(301);
    expect(itemOf(gone)?.attrs).toMatchObject({ affiliation: 'outcast', role: 'none' });
    expect(textOf(child(itemOf(gone), 'reason'))).toBe('a brawl');
    tybalt.client.send(`JOIN ${stage.channel}`);
    await tybalt.client.expect(/ 474 /);
  }),

  scenario('exceptions from bans and from invitations: seen, added and removed by command', async (stage) => {
    const { romeo, juliet } = await inCharge(stage);
    for (const [list, mode] of [
      ['exceptions', 'e'],
      ['invitations', 'I'],
    ] as const) {
      await juliet.does(`MODE ${stage.channel} +${mode} *!*@old.example`);
      const added = await fills(romeo, stage.room, 'masks', { list, what: 'add', mask: 'nurse!*@capulet.example' });
      await juliet.sees(romeo, 'MODE', `\\+${mode} :?nurse!\\*@capulet\\.example`);
      expect(added?.attrs.status).toBe('completed');
      const all = added === undefined ? '' : show(added);
      expect(all).toContain('nurse!*@capulet.example');
      expect(all).toContain('*!*@old.example');
      const removed = await fills(romeo, stage.room, 'masks', { list, what: 'remove', mask: '*!*@old.example' });
      await juliet.sees(romeo, 'MODE', `-${mode} :?\\*!\\*@old\\.example`);
      expect(removed === undefined ? '' : show(removed)).not.toContain('old.example');
    }
    const paris = await stage.jabber('paris');
    await paris.enters();
    const begun = child(await executes(paris, stage.room, `node='masks' action='execute'`), 'command');
    const refused = await executes(
      paris,
      stage.room,
      `node='masks' sessionid='${begun?.attrs.sessionid}' action='complete'`,
      submit({ list: 'exceptions', what: 'add', mask: '*!*@paris.example' }),
    );
    expect(show(refused)).toMatch(/forbidden|type='error'/);
    await juliet.client.roundtrip();
    expect(juliet.client.seen(/ MODE .*paris\.example/)).toEqual([]);
  }),

  scenario('45-74 45-77 the list of bans, and a ban that is lifted', async (stage) => {
    const { romeo, juliet } = await inCharge(stage);
    await juliet.does(`MODE ${stage.channel} +b *!*@capulet.example`);
    const list = listed(await administers(romeo, stage.room, `<item affiliation='outcast'/>`, 'get'));
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({ affiliation: 'outcast' });
    expect(list[0]?.nick).toBeUndefined();
    const lifted = await administers(romeo, stage.room, `<item jid='${list[0]?.jid}' affiliation='none'/>`);
    expect(lifted.attrs.type).toBe('result');
    await juliet.sees(romeo, 'MODE', '-b :?\\*!\\*@capulet\\.example');
  }),

  scenario('45-74 lists by role', async (stage) => {
    const { romeo, juliet } = await inCharge(stage);
    const nurse = await stage.irc('nurse');
    await nurse.enters();
    await romeo.sees(nurse);
    const moderators = listed(await administers(romeo, stage.room, `<item role='moderator'/>`, 'get'));
    expect(moderators.map(({ nick }) => nick).sort()).toEqual([juliet.nick, romeo.nick].sort());
    const participants = listed(await administers(romeo, stage.room, `<item role='participant'/>`, 'get'));
    expect(participants.map(({ nick }) => nick)).toEqual([nurse.nick]);
  }),

  scenario('45-72 a role and an affiliation in one item: bad-request', async (stage) => {
    const { romeo, juliet } = await inCharge(stage);
    const answer = await administers(
      romeo,
      stage.room,
      `<item nick='${juliet.nick}' role='none' affiliation='outcast'/>`,
    );
    expect(conditionOf(answer)).toBe('bad-request');
    await juliet.client.roundtrip();
    expect(juliet.client.seen(/ (KICK #|MODE #\S+ \+b)/)).toEqual([]);
  }),

  scenario('45-73 nobody of that name: item-not-found, and nothing is done to the others', async (stage) => {
    const { romeo, juliet } = await inCharge(stage);
    const both = `<item nick='${juliet.nick}' role='none'/><item nick='nobody' role='none'/>`;
    expect(conditionOf(await administers(romeo, stage.room, both))).toBe('item-not-found');
    await juliet.client.roundtrip();
    expect(juliet.client.seen(/ KICK #/)).toEqual([]);
  }),

  scenario('45-73 who has no power: forbidden, for each kind of act', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    for (const item of [
      `<item nick='${juliet.nick}' role='none'/>`,
      `<item nick='${juliet.nick}' affiliation='outcast'/>`,
      `<item nick='${romeo.nick}' role='moderator'/>`,
    ]) {
      expect(conditionOf(await administers(romeo, stage.room, item)), item).toBe('forbidden');
    }
    romeo.says('still among friends');
    await juliet.hears(romeo, 'still among friends');
  }),

  scenario('45-61 45-70 several are kicked at once', async (stage) => {
    const { romeo, juliet } = await inCharge(stage);
    const sampson = await stage.irc('sampson');
    const gregory = await stage.irc('gregory');
    for (const one of [sampson, gregory]) {
      await one.enters();
      await romeo.sees(one);
    }
    const kicks = [sampson, gregory].map(({ nick }) => `<item nick='${nick}' role='none'/>`).join('');
    expect((await administers(romeo, stage.room, kicks)).attrs.type).toBe('result');
    for (const one of [sampson, gregory]) {
      await juliet.sees(romeo, 'KICK', one.nick);
      expect(codesOf(await romeo.sees(one, 'unavailable'))).toContain(307);
    }
  }),

  scenario('45-61 banned by an operator of IRC: the client leaves with the reason', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    await juliet.does(`MODE ${stage.channel} +b ${romeo.nick}!*@*`);
    juliet.client.send(`KICK ${stage.channel} ${romeo.nick} :exile`);
    const gone = await romeo.sees(romeo, 'unavailable');
    expect(codesOf(gone).toSorted()).toEqual([110, 301]);
    expect(itemOf(gone)?.attrs).toMatchObject({ affiliation: 'outcast', role: 'none' });
    expect(textOf(child(itemOf(gone), 'reason'))).toBe('exile');
    await expect(romeo.enters()).rejects.toThrow(/forbidden/);
  }),

  scenario(
    '45-63 founders are owners, protected ones admins, half-operators moderators',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      const watcher = await stage.irc('oper');
      await watcher.does('OPER root rootpw');
      const nurse = await stage.irc('nurse');
      await nurse.enters();
      await romeo.sees(nurse);
      await juliet.does(`MODE ${stage.channel} +h ${nurse.nick}`);
      expect(itemOf(await romeo.sees(nurse))?.attrs.role).toBe('moderator');
      await watcher.does(`SAJOIN ${watcher.nick} ${stage.channel} q`);
      await romeo.client.receive(
        `<presence from='${stage.room}/${watcher.nick}'><x><item affiliation='owner' role='moderator'/></x></presence>`,
      );
    },
    only(['modern', 'plain'], 'founders can not be made here'),
  ),

  scenario('45-93 45-44 voice is asked for by form, reaches an operator, is given and used', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.client.send(`MODE ${stage.channel} +m`);
    expect(itemOf(await romeo.sees(romeo))?.attrs.role).toBe('visitor');
    const form = submit({ FORM_TYPE: 'http://jabber.org/protocol/muc#request', 'muc#role': 'participant' });
    romeo.client.send(`<message id='voice' to='${stage.room}'>${form}</message>`);
    await juliet.client.expect(
      new RegExp(`:${romeo.nick}!\\S+ (NOTICE|PRIVMSG) \\S*(${stage.channel}|${juliet.nick}) `),
    );
    juliet.client.send(`MODE ${stage.channel} +v ${romeo.nick}`);
    expect(itemOf(await romeo.sees(romeo))?.attrs.role).toBe('participant');
    romeo.says('thanks');
    await juliet.hears(romeo, 'thanks');
  }),
]);
