/** A room's past: for who comes in, and for who asks its archive. */
import { expect } from 'vitest';
import type { Element } from '../../../src/xml/element.ts';
import { bodies } from '../../harness/expectations.ts';
import { child } from '../../harness/markup.ts';
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
  scenario('45-35 who comes again is told what was said, with its time, and not twice', async (stage) => {
    const { romeo } = await spoken(stage, 3);
    const phone = await romeo.another('phone');
    const { history } = await phone.enters();
    expect(bodies(history)).toEqual(lines(1, 3));
    for (const one of history) {
      expect(child(one, 'delay', 'urn:xmpp:delay')?.attrs).toMatchObject({ from: stage.room });
      expect(stanzaId(one)).not.toBe('');
    }
  }),

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
]);
