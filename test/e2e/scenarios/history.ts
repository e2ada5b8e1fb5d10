/** A room's past: for who comes in, and for who asks its archive. */
import { expect } from 'vitest';
import type { Element } from '../../../src/xml/element.ts';
import { bodies } from '../../harness/expectations.ts';
import { child, conditionOf } from '../../harness/markup.ts';
import { until } from '../../harness/process.ts';
import { archive, features, fieldsOf, rsm } from '../../harness/requests.ts';
import { scenario, theme } from '../../harness/scenario.ts';
import type { IrcPerson, JabberPerson, Stage } from '../../harness/stage.ts';

const sid = 'urn:xmpp:sid:0';
const stanzaId = (stanza: Element | undefined): string => child(stanza, 'stanza-id', sid)?.attrs.id ?? '';

/** The pair, and so many lines said; each with its id in the archive. */
async function spoken(
  stage: Stage,
  count: number,
): Promise<{ readonly romeo: JabberPerson; readonly juliet: IrcPerson; readonly ids: readonly string[] }> {
  const { romeo, juliet } = await stage.pair();
  const ids: string[] = [];
  for (let n = 1; n <= count; n++) {
    juliet.says(`line ${n}`);
    ids.push(stanzaId(await romeo.hears(juliet, `line ${n}`)));
  }
  return { romeo, juliet, ids };
}

const lines = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => `line ${from + n}`);

export const past = theme('history', [
  scenario(
    '45-35 who comes again is told what was said and nothing else, with its time, and not twice',
    async (stage) => {
      const { romeo, juliet } = await spoken(stage, 3);
      // No subjects, no comings and goings, nothing private is part of it.
      await juliet.does(`TOPIC ${stage.channel} :Two households`);
      const nurse = await stage.irc('nurse');
      await nurse.enters();
      await romeo.sees(nurse);
      juliet.says('between us', romeo.nick);
      await romeo.client.receive(`<message type='chat'><body>between us</body></message>`);
      const phone = await romeo.another('phone');
      const { history } = await phone.enters();
      expect(bodies(history)).toEqual(lines(1, 3));
      expect(
        history.every(({ name, attrs }) => name === 'message' && attrs.from === `${stage.room}/${juliet.nick}`),
      ).toBe(true);
      for (const one of history) {
        expect(child(one, 'delay', 'urn:xmpp:delay')?.attrs).toMatchObject({ from: stage.room });
        expect(stanzaId(one)).not.toBe('');
      }
    },
  ),

  scenario('45-36 maxstanzas, maxchars and since', async (stage) => {
    const { romeo } = await spoken(stage, 5);
    const wanted = async (wish: string): Promise<readonly (string | undefined)[]> => {
      const { history } = await romeo.enters(stage.room, { history: `<history ${wish}/>` });
      return bodies(history);
    };
    expect(await wanted(`maxstanzas='2'`)).toEqual(lines(4, 5));
    expect(await wanted(`maxstanzas='0'`)).toEqual([]);
    expect(await wanted(`maxchars='0'`)).toEqual([]);
    expect(await wanted(`since='2099-01-01T00:00:00Z'`)).toEqual([]);
    expect(await wanted(`seconds='3600' maxstanzas='1'`)).toEqual(lines(5, 5));
  }),

  scenario('313-01 313-06 a room says that it has an archive, and which fields it knows', async (stage) => {
    const { romeo } = await stage.pair();
    expect(await features(romeo, stage.room)).toEqual(expect.arrayContaining(['urn:xmpp:mam:2', 'urn:xmpp:sid:0']));
    const answer = await romeo.client.ask(`<iq type='get' to='${stage.room}'><query xmlns='urn:xmpp:mam:2'/></iq>`);
    const fields = Object.keys(fieldsOf(child(answer, 'query')));
    expect(fields).toEqual(expect.arrayContaining(['FORM_TYPE', 'with', 'start', 'end']));
  }),

  scenario('313-02 313-03 all of it, in order, under the ids that it had live', async (stage) => {
    const { romeo, ids } = await spoken(stage, 4);
    romeo.says('mine');
    const mine = stanzaId(await romeo.hears(romeo, 'mine'));
    const page = await archive(romeo, stage.room);
    expect(bodies(page.messages)).toEqual([...lines(1, 4), 'mine']);
    expect(page.ids).toEqual([...ids, mine]);
    expect(page.isComplete).toBe(true);
    for (const message of page.messages) {
      expect(message.attrs.to).toBeUndefined();
      expect(message.attrs.type).toBe('groupchat');
      expect(message.attrs.from?.startsWith(`${stage.room}/`)).toBe(true);
    }
  }),

  scenario('313-05 059-01 pages forwards, backwards, and the last one', async (stage) => {
    const { romeo, ids } = await spoken(stage, 6);
    const first = await archive(romeo, stage.room, {}, rsm('<max>2</max>'));
    expect(first.ids).toEqual(ids.slice(0, 2));
    expect(first.isComplete).toBe(false);
    const next = await archive(romeo, stage.room, {}, rsm(`<max>2</max><after>${ids[1]}</after>`));
    expect(next.ids).toEqual(ids.slice(2, 4));
    const last = await archive(romeo, stage.room, {}, rsm('<max>2</max><before/>'));
    expect(last.ids).toEqual(ids.slice(4));
    const before = await archive(romeo, stage.room, {}, rsm(`<max>10</max><before>${ids[2]}</before>`));
    expect(before.ids).toEqual(ids.slice(0, 2));
    expect(before.isComplete).toBe(true);
  }),

  scenario('313-04 by time; an unknown id and an unknown field are errors, nothing found is none', async (stage) => {
    const { romeo } = await spoken(stage, 2);
    const later = await archive(romeo, stage.room, { start: '2099-01-01T00:00:00Z' });
    expect(later.answer.attrs.type).toBe('result');
    expect(later.ids).toEqual([]);
    const earlier = await archive(romeo, stage.room, { start: '2020-01-01T00:00:00Z', end: '2099-01-01T00:00:00Z' });
    expect(earlier.ids).toHaveLength(2);
    const unknown = await archive(romeo, stage.room, {}, rsm('<after>no-such-id</after>'));
    expect(conditionOf(unknown.answer)).toBe('item-not-found');
    const field = await archive(romeo, stage.room, { 'urn:example:moon': 'full' });
    expect(conditionOf(field.answer)).toBe('feature-not-implemented');
  }),

  scenario('313-07 45-05 another user’s archive of the same channel is not mine', async (stage) => {
    await spoken(stage, 3);
    const paris = await stage.jabber('paris');
    await paris.enters();
    const page = await archive(paris, stage.room);
    expect(bodies(page.messages).filter((text) => text?.startsWith('line'))).toEqual([]);
  }),

  scenario('313-06 metadata: the first and the last', async (stage) => {
    const { romeo, ids } = await spoken(stage, 3);
    const answer = await romeo.client.ask(`<iq type='get' to='${stage.room}'><metadata xmlns='urn:xmpp:mam:2'/></iq>`);
    const data = child(answer, 'metadata');
    expect(child(data, 'start')?.attrs.id).toBe(ids[0]);
    expect(child(data, 'end')?.attrs.id).toBe(ids[2]);
  }),

  scenario('313-08 private messages are not in a room’s archive', async (stage) => {
    const { romeo, juliet } = await spoken(stage, 1);
    juliet.says('between us', romeo.nick);
    await romeo.client.receive(`<message type='chat'><body>between us</body></message>`);
    const page = await archive(romeo, stage.room);
    expect(bodies(page.messages)).toEqual(lines(1, 1));
  }),

  scenario('313-02 313-10 a person’s address has the conversation with them, for who had it alone', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const address = stage.address(juliet.nick);
    juliet.says('between us', romeo.nick);
    const heard = await romeo.client.receive(`<message type='chat'><body>between us</body></message>`);
    romeo.client.send(`<message type='chat' id='own' to='${address}'><body>nobody else</body></message>`);
    await juliet.hears(romeo, 'nobody else', juliet.nick);
    expect(await features(romeo, address)).toContain('urn:xmpp:mam:2');
    // She may have it before we know that she has.
    await until('it is archived', async () => (await archive(romeo, address)).messages.length > 1);
    const page = await archive(romeo, address);
    expect(bodies(page.messages)).toEqual(['between us', 'nobody else']);
    expect(page.messages.map(({ attrs }) => attrs.id)).toEqual([heard.attrs.id, 'own']);
    expect(stanzaId(page.messages[0])).toBe(stanzaId(heard));
    const benvolio = await stage.jabber('benvolio');
    expect((await archive(benvolio, address)).messages).toEqual([]);
  }),
]);
