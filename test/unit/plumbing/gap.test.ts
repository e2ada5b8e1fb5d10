/** What a MUC's archive has of the time when the herald was not in it, page by page. */
import { expect, test } from 'vitest';
import { createGap, type Gap } from '../../../src/plumbing/gap.ts';
import { parse } from '../../../src/xml/document.ts';

const muc = 'piazza@muc.test';

interface Asked {
  readonly query: string;
  readonly after: string | undefined;
  answers(...ids: readonly string[]): void;
  ends(): void;
  fails(): void;
}

function setUp(): { readonly gap: Gap; readonly asked: readonly Asked[] } {
  const asked: Asked[] = [];
  let ids = 0;
  const gap = createGap({
    muc,
    newId: () => `q${++ids}`,
    ask: ({ text }) =>
      new Promise((resolve) => {
        const query = /queryid='([^']*)'/.exec(text)?.[1] ?? '';
        const tell = (id: string): void => {
          const said = `<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='${muc}/nurse'><body>${id}</body></message></forwarded>`;
          gap.told(
            parse(`<message><result xmlns='urn:xmpp:mam:2' queryid='${query}' id='${id}'>${said}</result></message>`),
          );
        };
        const finish = (last: string, complete: string): void =>
          resolve({
            payload: parse(
              `<fin xmlns='urn:xmpp:mam:2'${complete}><set xmlns='http://jabber.org/protocol/rsm'><last>${last}</last></set></fin>`,
            ),
          });
        asked.push({
          query,
          after: /<after>(.*)<\/after>/.exec(text)?.[1],
          answers(...all) {
            for (const id of all) tell(id);
            finish(all.at(-1) ?? '', '');
          },
          ends: () => finish('', ` complete='true'`),
          fails: () => resolve(undefined),
        });
      }),
  });
  return { gap, asked };
}

const asFar = async (asked: readonly Asked[], count: number): Promise<Asked> => {
  await expect.poll(() => asked.length).toBe(count);
  const last = asked.at(-1);
  if (last === undefined) throw new Error('nothing was asked');
  return last;
};

test('a page that is not answered ends it, and that it is not all is said', async () => {
  const { gap, asked } = setUp();
  const fetched = gap.fetch({ id: 'zero', at: 1 });
  (await asFar(asked, 1)).answers('one', 'two');
  (await asFar(asked, 2)).fails();
  const missed = await fetched;
  expect([missed?.lines.map(({ archived }) => archived), missed?.isWhole]).toEqual([['one', 'two'], false]);
  expect(asked.map(({ after }) => after)).toEqual(['zero', 'two']);
});

test('who asks while another answer is on its way gets their own', async () => {
  const { gap, asked } = setUp();
  const first = gap.fetch({ id: 'zero', at: 1 });
  const early = await asFar(asked, 1);
  const second = gap.fetch({ id: 'one', at: 1 });
  const late = await asFar(asked, 2);
  early.answers('one', 'two');
  const rest = await asFar(asked, 3);
  late.answers('two');
  (await asFar(asked, 4)).ends();
  rest.ends();
  const ids = async (fetched: typeof first): Promise<unknown> => (await fetched)?.lines.map(({ archived }) => archived);
  expect([await ids(first), await ids(second)]).toEqual([['one', 'two'], ['two']]);
});
