/** Every sentence that the gateway and the bridges put into an error is there in German, and nothing is there that nobody says (GEN-10). */
import { describe, expect, test } from 'vitest';
import { refusalCodes } from '../../../bridges/discord/refusal-codes.ts';
import { germanSentences as ofDiscord } from '../../../bridges/discord/sentences-german.ts';
import { settings as ofDiscordUsers } from '../../../bridges/discord/settings.ts';
import { ircConfig } from '../../../bridges/irc/config.ts';
import { germanSentences as ofIrc } from '../../../bridges/irc/sentences-german.ts';
import { settingsForms } from '../../../bridges/irc/settings.ts';
import type { FormField } from '../../../src/bridge/commands.ts';
import { createTranslate } from '../../../src/core/sentences.ts';
import type { SettingValue } from '../../../src/core/settings.ts';
import { languages } from '../../../src/gateway/commands/texts.ts';
import { germanSentences as ofGateway } from '../../../src/gateway/sentences-german.ts';
import { sentencesIn } from '../../harness/sentences.ts';
import { sources } from '../../harness/source.ts';

/** What is put together of pieces: the pieces are in the table with what stands around them, or are a server's own words. */
const pieces: ReadonlySet<string> = new Set([
  'Nothing can be taken back on {}: everybody there can still read {}',
  'Reactions that are taken here: {}',
]);

/** To others than whoever asked: people of a network, and of a MUC elsewhere. */
const toOthers: ReadonlySet<string> = new Set([
  'You are invited to {}{}',
  '{} asks for a voice in {}.',
  'reacted with {} to an earlier message',
  'This room is now joined with {}. Whoever may ban here ends that by banning me.',
  'Nobody reads what is said here privately: say it in the room.',
]);

const isSentence = (text: string): boolean => /[a-z]{2}/.test(text);

const ofRefusals = Object.values(refusalCodes).map(([, text]) => text);

describe.each([
  ['src', ofGateway, []],
  ['bridges/irc', ofIrc, []],
  ['bridges/discord', ofDiscord, ofRefusals],
])('%s', (folder, table, more) => {
  const translate = createTranslate({ de: table });
  const said = new Set([...sources(folder).flatMap(sentencesIn), ...more]);

  test('GEN-10 nothing is missing', () => {
    expect(said.size).toBeGreaterThan(40);
    const known = (one: string): boolean => pieces.has(one) || toOthers.has(one) || Object.hasOwn(table, one);
    const missing = [...said].filter((one) => isSentence(one) && !known(one));
    expect(missing).toEqual([]);
  });

  test('GEN-10 each keeps its places, and is another sentence', () => {
    for (const [english, german] of Object.entries(table)) {
      expect([english, german.split('{}').length]).toEqual([english, english.split('{}').length]);
      expect(translate(english.replaceAll('{}', 'X'), 'de')).not.toBe(english.replaceAll('{}', 'X'));
    }
  });
});

/** Two words for one thing, and what reads as if somebody were called Sie. */
const strayed = /Netzwerk|gemeinsame[nsr]? Konto|Oktett|^(?:Sie|Ihre) /;

test('GEN-10 German has one word for one thing, and says du', () => {
  const called = Object.values(languages.de ?? {}).map((text) => spoken(text));
  const all = [ofGateway, ofIrc, ofDiscord].flatMap((table) => Object.values(table));
  expect([...all, ...called].filter((text) => strayed.test(text))).toEqual([]);
});

const spoken = (text: unknown): string =>
  typeof text === 'function' ? String(text(...Array<number>(text.length).fill(2))) : String(text);

/** Values of each type, as forms give them, that some field or other does not take. */
const wrongValues: Readonly<Record<FormField['type'], readonly SettingValue[]>> = {
  text: ['x'.repeat(2_000), 'two words', ':x@', ''],
  secret: ['x'.repeat(16_000), 'two words', ':x'],
  number: [-2, 1_000_000],
  lines: [Array<string>(100).fill('1'), ['0'], ['x'.repeat(2_000)]],
  flag: [],
  choice: ['none of them'],
  choices: [],
};

test.each([
  ['IRC', settingsForms(ircConfig.parse({ realnameCustomization: true })), ofIrc],
  ['Discord', ofDiscordUsers, ofDiscord],
])('GEN-10 what is wrong with a setting is said in German: %s', (_, { all, server, room }, table) => {
  const translate = createTranslate({ de: table });
  const said = [...all, ...server, ...room].flatMap(({ type, objection }) =>
    wrongValues[type].flatMap((value) => objection?.(value) ?? []),
  );
  expect(said.length).toBeGreaterThan(1);
  expect(said.filter((one) => translate(one, 'de') === undefined)).toEqual([]);
});
