/** The MUC is asked to take something back: in the words of today, in those of old, once, and what it says of that is heard. */
import { expect, test } from 'vitest';
import type { ClientIq } from '../../../src/gateway/client-iqs.ts';
import { createModerating } from '../../../src/plumbing/moderating.ts';

function setUp(answers: Readonly<Record<string, string | undefined>>) {
  const asked: ClientIq[] = [];
  const refused: string[] = [];
  const moderating = createModerating({
    muc: 'piazza@muc.test',
    from: '#verona@net.test/x',
    ask(iq) {
      asked.push(iq);
      const form = iq.payload.text.includes('fasten') ? 'old' : 'new';
      const base = { id: 'q', from: 'piazza@muc.test' };
      if (!Object.hasOwn(answers, form)) return Promise.resolve(undefined);
      const condition = answers[form];
      return Promise.resolve(condition === undefined ? base : { ...base, condition });
    },
    onRefused: (condition) => void refused.push(condition),
  });
  return { ...moderating, refused, said: () => asked.splice(0).map(({ payload }) => payload.text) };
}

test('once, with the reason; it is known then', async () => {
  const { takeBack, isTakenBack, refused, said } = setUp({ new: undefined });
  for (let i = 0; i < 2; i++) await takeBack('kept-1', 'rude');
  const [text = '', ...more] = said();
  expect(text).toMatch(/<moderate xmlns='urn:xmpp:message-moderate:1' id='kept-1'>.*<reason>rude<\/reason>/);
  expect([more, refused, isTakenBack('kept-1'), isTakenBack('kept-2')]).toEqual([[], [], true, false]);
});

test.each([
  [{ new: 'forbidden', old: undefined }, 1, ['forbidden']],
  [{ new: 'service-unavailable', old: undefined }, 2, []],
  [{ new: 'feature-not-implemented', old: 'forbidden' }, 2, ['forbidden']],
  [{}, 2, ['remote-server-timeout']],
])('%j: asked %i times, refused %j', async (answers, times, refused) => {
  const moderating = setUp(answers);
  await moderating.takeBack('kept-1', undefined);
  const said = moderating.said();
  expect([said.length, moderating.refused]).toEqual([times, refused]);
  if (times === 2) expect(said[1]).toContain(`<apply-to xmlns='urn:xmpp:fasten:0' id='kept-1'>`);
});

test('what has no name in an archive can not be named', async () => {
  const { takeBack, refused, said } = setUp({ new: undefined });
  await takeBack('nurse\nm1', undefined);
  expect([said(), refused]).toEqual([[], ['item-not-found']]);
});
