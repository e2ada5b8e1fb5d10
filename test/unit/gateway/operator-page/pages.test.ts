/** The overview: how a process is said to be. */
import { expect, test } from 'vitest';
import { ageOf, overviewPage } from '../../../../src/gateway/operator-page/pages.ts';
import { operatorTexts } from '../../../../src/gateway/operator-page/texts.ts';
import type { ProcessView } from '../../../../src/gateway/operator-page/views.ts';

const texts = operatorTexts('en');
const now = 1_800_000_000_000;

const view = (checks: ProcessView['checks']): ProcessView => ({
  ...{
    name: 'edge-1',
    role: 'edge',
    version: '1',
    host: 'here',
    pid: 7,
    startedAt: now - 90_000,
    memoryBytes: 2 ** 20,
  },
  ...{ checks, samples: [], accounts: {}, shown: [] },
});

test.each<[string, ProcessView['checks'], string]>([
  ['all is well', { started: true }, 'tag good">all is well'],
  ['what is wrong is named', { started: true, 'xmpp a.b': 'reset <1>' }, 'tag bad">not well: 1'],
  ['what only starts does not stand by', { started: 'starting' }, 'tag bad">not well: 1'],
  [
    'an edge that stands by is well',
    { started: 'starting', streams: 'standing by: edge-2 holds them' },
    'tag">stands by',
  ],
])('%s', (_, checks, tag) => {
  const { body } = overviewPage({ texts, proof: 'p', now }, { views: [view(checks)], silent: [] });
  expect(body).toContain(tag);
  expect(body).toContain('for 90\u00a0s; 1 MiB');
  expect(body).not.toContain('<1>');
});

test.each([
  [-5, '0\u00a0s'],
  [99_000, '99\u00a0s'],
  [600_000, '10\u00a0min'],
  [7_200_000, '2\u00a0h'],
  [3 * 86_400_000, '3\u00a0d'],
])('%d ms is %s', (ms, age) => expect(ageOf(ms, texts)).toBe(age));

test.each(['en', 'de'])('of one thing it is not said as of several: %s', (lang) => {
  const { lettersAre, more } = operatorTexts(lang);
  expect(`${lettersAre('1')} ${more(1)}`).not.toMatch(/are 1|Es gibt 1|1 more that are|1 weitere/);
});
