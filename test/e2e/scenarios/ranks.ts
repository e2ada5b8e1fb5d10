/** Ranks given and taken from Jabber, one after the other, and who is away. */
import { expect } from 'vitest';
import { itemOf } from '../../harness/expectations.ts';
import { child, textOf } from '../../harness/markup.ts';
import { until } from '../../harness/process.ts';
import { scenario, theme } from '../../harness/scenario.ts';
import type { IrcPerson, JabberPerson, Stage } from '../../harness/stage.ts';

const admin = 'http://jabber.org/protocol/muc#admin';

/** Romeo on Jabber is an operator, Juliet on IRC another; the nurse is in the room without a rank. */
async function court(stage: Stage): Promise<{ romeo: JabberPerson; juliet: IrcPerson; nurse: IrcPerson }> {
  const { romeo, juliet } = await stage.pair();
  const nurse = await stage.irc('nurse');
  await nurse.enters();
  await romeo.sees(nurse);
  await juliet.does(`MODE ${stage.channel} +o ${romeo.nick}`);
  await romeo.sees(romeo);
  await nurse.sees(juliet, 'MODE');
  return { romeo, juliet, nurse };
}

const ask = (romeo: JabberPerson, room: string, type: 'get' | 'set', item: string) =>
  romeo.client.ask(`<iq type='${type}' to='${room}'><query xmlns='${admin}'><item ${item}/></query></iq>`);

export const ranks = theme('ranks', [
  scenario(
    '45-71 45-63 roles given by iq are modes on IRC, and presences to all when the network has them',
    async (stage) => {
      const { romeo, juliet, nurse } = await court(stage);
      for (const [item, change, role, affiliation] of [
        [`nick='${nurse.nick}' role='moderator'`, '\\+o', 'moderator', 'admin'],
        [`nick='${nurse.nick}' role='participant'`, '-o', 'participant', 'none'],
        [`nick='${nurse.nick}' affiliation='member'`, '\\+v', 'participant', 'member'],
        [`nick='${nurse.nick}' affiliation='none'`, '-v', 'participant', 'none'],
      ] as const) {
        expect((await ask(romeo, stage.room, 'set', item)).attrs.type).toBe('result');
        await juliet.sees(romeo, 'MODE', `${change}.* :?${nurse.nick}`);
        expect(itemOf(await romeo.sees(nurse))?.attrs).toMatchObject({ role, affiliation });
      }
    },
  ),

  scenario('45-71 what somebody has already is not sent again', async (stage) => {
    const { romeo, juliet, nurse } = await court(stage);
    const since = nurse.client.inbox.all.length;
    expect((await ask(romeo, stage.room, 'set', `nick='${juliet.nick}' role='moderator'`)).attrs.type).toBe('result');
    await nurse.client.roundtrip();
    expect(nurse.client.seen(/ MODE /, since)).toEqual([]);
  }),

  scenario('45-50 who is away when we come is shown so, and so are we to those who ask', async (stage) => {
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    await juliet.does('AWAY :at the ball');
    const romeo = await stage.jabber('romeo');
    await romeo.enters();
    // It may have come while the join was still being looked at.
    const shown = (): string | undefined =>
      textOf(child(romeo.client.seen(`<presence from='${stage.room}/${juliet.nick}' type='!'/>`).at(-1), 'show'));
    await until('juliet is shown as away', () => shown() === 'away');
    romeo.client.send(
      `<presence to='${stage.room}/${romeo.nick}'><show>away</show><status>in banishment</status></presence>`,
    );
    await romeo.client.receive(
      (stanza) => stanza.attrs.from === `${stage.room}/${romeo.nick}` && child(stanza, 'show') !== undefined,
    );
    // The network hears of it on the same wire.
    romeo.says('hence');
    await juliet.hears(romeo, 'hence');
    juliet.says('wherefore?', romeo.nick);
    await juliet.client.expect(new RegExp(` 301 \\S+ ${romeo.nick} :?in banishment`));
  }),
]);
