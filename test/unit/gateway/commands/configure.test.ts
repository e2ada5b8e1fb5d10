/** The fields of settings as people are asked for them. */
import { expect, test } from 'vitest';
import { ctcpHere } from '../../../../bridges/irc/manners.ts';
import { noSettings } from '../../../../src/core/settings.ts';
import { fieldsFor } from '../../../../src/gateway/commands/configure.ts';
import { textsFor } from '../../../../src/gateway/commands/texts.ts';

const plain = { name: 'nick', label: 'Nickname', type: 'text' } as const;
const fieldsIn = (lang: string | undefined) =>
  fieldsFor([ctcpHere({ ctcp: 'gateway' }), plain], noSettings, { level: 'server' }, textsFor(lang), (text) => text);

test.each([
  [undefined, 'Who answers CTCP', ['As on all servers', 'Your client', 'The gateway', 'Nobody']],
  ['de-AT', 'Wer auf CTCP antwortet', ['Wie auf allen Servern', 'Dein Client', 'Das Gateway', 'Niemand']],
])('a field is asked for in the language of who is asked: %s', (lang, label, choices) => {
  const [ctcp, nick] = fieldsIn(lang);
  expect(ctcp).toMatchObject({ label, value: 'unset' });
  expect(ctcp?.choices?.map((one) => one.label)).toEqual(choices);
  expect(ctcp?.choices?.map(({ value }) => value)).toEqual(['unset', 'client', 'gateway', 'off']);
  expect(nick?.label).toBe('Nickname');
});
