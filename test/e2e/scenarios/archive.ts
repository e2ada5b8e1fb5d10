/** A room's past, as clients fetch it after having been away. */
import { expect } from 'vitest';
import type { Element } from '../../../src/xml/element.ts';
import { bodyOf, child, childrenOf, conditionOf, textOf } from '../../harness/markup.ts';
import { only, scenario, theme } from '../../harness/scenario.ts';
import type { JabberPerson } from '../../harness/stage.ts';

const mam = 'urn:xmpp:mam:2';
let queries = 0;

/** The room's archive as that person is told it. */
export async function past(person: Pick<JabberPerson, 'client'>, room: string, inside = '') {
  queries += 1;
  const queryid = `q${queries}`;
  const since = person.client.inbox.all.length;
  const answer = await person.client.ask(
    `<iq type='set' to='${room}'><query xmlns='${mam}' queryid='${queryid}'>${inside}</query></iq>`,
  );
  const all = person.client.inbox.all.slice(since);
  const results = all.filter((one) => child(child(one, 'result'), 'forwarded') !== undefined);
  const mine = results.filter((one) => child(one, 'result')?.attrs.queryid === queryid);
  const messageOf = (one: Element) => child(child(child(one, 'result'), 'forwarded'), 'message');
  return {
    answer,
    fin: child(answer, 'fin'),
    ids: mine.map((one) => child(one, 'result')?.attrs.id),
    messages: mine.flatMap((one) => messageOf(one) ?? []),
    bodies: mine.map((one) => {
      const message = messageOf(one);
      return message === undefined ? undefined : bodyOf(message);
    }),
    /** Did the fin come behind all results? */
    isLast: all.findIndex((one) => one.attrs.id === answer.attrs.id) > all.lastIndexOf(mine.at(-1) ?? answer),
  };
}
const rsm = (inside: string) => `<set xmlns='http://jabber.org/protocol/rsm'>${inside}</set>`;
const stanzaIdOf = (message: Element) => child(message, 'stanza-id')?.attrs.id;

export const archive = theme('archive', [
  scenario('313-02 313-03 what was said is there to be asked for, by the ids of the live messages', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.says('one');
    const first = await romeo.hears(juliet, 'one');
    romeo.says('two');
    const second = await romeo.hears(romeo, 'two');
    const { bodies, ids, fin, isLast, messages } = await past(romeo, stage.room);
    expect(bodies).toEqual(['one', 'two']);
    expect(ids).toEqual([stanzaIdOf(first), stanzaIdOf(second)]);
    expect(fin?.attrs.complete).toBe('true');
    expect(isLast).toBe(true);
    expect(messages[1]?.attrs).toMatchObject({ from: `${stage.room}/${romeo.nick}`, id: second.attrs.id });
    expect(messages[1]?.attrs.to).toBeUndefined();
  }),

  scenario('313-05 059-01 pages, either way', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const all = Array.from({ length: 25 }, (_, n) => `line ${n}`);
    for (const text of all) juliet.says(text);
    await romeo.hears(juliet, 'line 24');
    const last = await past(romeo, stage.room, rsm('<before/><max>10</max>'));
    expect(last.bodies).toEqual(all.slice(15));
    const set = child(last.fin, 'set');
    expect([child(set, 'first')?.attrs.index, textOf(child(set, 'count'))]).toEqual(['15', '25']);
    const before = await past(romeo, stage.room, rsm(`<before>${last.ids[0]}</before><max>20</max>`));
    expect(before.bodies).toEqual(all.slice(0, 15));
    expect([before.fin?.attrs.complete, last.fin?.attrs.complete]).toEqual(['true', undefined]);
    const after = await past(romeo, stage.room, rsm(`<after>${before.ids.at(-1)}</after>`));
    expect(after.bodies).toEqual(all.slice(15));
  }),

  scenario('313-04 an id that is not there: item-not-found', async (stage) => {
    const { romeo } = await stage.pair();
    const { answer } = await past(romeo, stage.room, rsm('<after>nothing of ours</after>'));
    expect(conditionOf(answer)).toBe('item-not-found');
  }),

  scenario('313-07 everybody has a past of their own, and it outlasts the connection', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.says('for Romeo');
    await romeo.hears(juliet, 'for Romeo');
    await romeo.leaves();
    await juliet.sees(romeo, '(PART|QUIT)');
    const nurse = await stage.jabber('nurse');
    expect((await past(nurse, stage.room)).bodies).toEqual([]);
    expect((await past(romeo, stage.room)).bodies).toEqual(['for Romeo']);
  }),

  scenario(
    '313-09 45-36 what was said while nobody of ours was there is fetched from the network',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      juliet.says('before');
      await romeo.hears(juliet, 'before');
      await romeo.leaves();
      await juliet.sees(romeo, '(PART|QUIT)');
      juliet.says('one');
      juliet.says('two');
      await juliet.client.roundtrip();
      const { history } = await romeo.enters();
      expect(history.flatMap((one) => bodyOf(one) ?? [])).toEqual(['before', 'one', 'two']);
      const told = await past(romeo, stage.room);
      expect(told.bodies).toEqual(['before', 'one', 'two']);
      expect(told.ids).toEqual(history.filter((one) => bodyOf(one) !== undefined).map(stanzaIdOf));
      expect(told.fin?.attrs.stable).toBeUndefined();
      const nurse = await stage.jabber('nurse');
      await nurse.enters();
      expect((await past(nurse, stage.room, rsm('<before/>'))).bodies).toEqual(['before', 'one', 'two']);
    },
    only(['modern'], 'the server has no past'),
  ),

  scenario('313-01 313-06 announced, with its form and its ends', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.says('one');
    const one = await romeo.hears(juliet, 'one');
    const ask = (payload: string) => romeo.client.ask(`<iq type='get' to='${stage.room}'>${payload}</iq>`);
    const info = await ask(`<query xmlns='http://jabber.org/protocol/disco#info'/>`);
    const features = childrenOf(child(info, 'query'), 'feature').map(({ attrs }) => attrs.var);
    expect(features).toEqual(expect.arrayContaining([mam, `${mam}#extended`, 'urn:xmpp:sid:0']));
    const form = child(child(await ask(`<query xmlns='${mam}'/>`), 'query'), 'x');
    expect(childrenOf(form, 'field')).toHaveLength(7);
    const ends = child(await ask(`<metadata xmlns='${mam}'/>`), 'metadata');
    expect([child(ends, 'start')?.attrs.id, child(ends, 'end')?.attrs.id]).toEqual([stanzaIdOf(one), stanzaIdOf(one)]);
  }),
]);
