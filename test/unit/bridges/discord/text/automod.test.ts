/** CHECKLIST 394: what AutoMod tells moderators, in words. */
import type { APIMessage } from 'discord.js';
import { expect, test } from 'vitest';
import { germanSentences } from '../../../../../bridges/discord/sentences-german.ts';
import { read } from '../../../../../bridges/discord/text/index.ts';
import { createTranslate } from '../../../../../src/core/sentences.ts';
import { names } from './told.ts';

const ada = { id: '1', username: 'ada', global_name: 'Ada L', discriminator: '0', avatar: null };
/** An alert, with the fields of its embed. */
const alert = (fields: Readonly<Record<string, string>>, description?: string): string | undefined => {
  const all = Object.entries(fields).map(([name, value]) => ({ name, value, inline: false }));
  const embeds = [{ type: 'auto_moderation_message', ...(description !== undefined && { description }), fields: all }];
  const message = {
    id: '9',
    channel_id: '5',
    type: 24,
    author: ada,
    content: '',
    mentions: [],
    attachments: [],
    embeds,
  };
  return read(message as unknown as APIMessage, names).text?.plain;
};

test('394-01 an alert says whose words met which rule, where, and what they were', () => {
  const where = { rule_name: 'Bad words', channel_id: '5', decision_id: '7', keyword: 'villain' };
  expect(alert(where, 'thou *villain*\nTybalt')).toBe(
    'AutoMod found something in a message of Ada in #general (rule “Bad words”):\n> thou villain\n> Tybalt',
  );
  expect(alert({ ...where, channel_id: '999' })).toBe('AutoMod found something in a message of Ada (rule “Bad words”)');
});

test('394-01 what is not said in an alert is left out', () => {
  expect(alert({})).toBe('AutoMod found something in a message of Ada');
  expect(alert({ rule_name: 'Names', quarantine_user: 'username' })).toBe(
    'AutoMod found something about Ada (rule “Names”)',
  );
});

test('GEN-10 an alert is there in German, but for the words that were found', () => {
  const translate = createTranslate({ de: germanSentences });
  const german = (...told: Parameters<typeof alert>) => translate(alert(...told) ?? '', 'de');
  const where = { rule_name: 'Bad words', channel_id: '5' };
  expect(german(where, 'thou *villain*')).toBe(
    'AutoMod hat etwas in einer Nachricht von Ada in #general gefunden (Regel „Bad words“):\n> thou villain',
  );
  expect(german({ ...where, channel_id: '999' })).toBe(
    'AutoMod hat etwas in einer Nachricht von Ada gefunden (Regel „Bad words“)',
  );
  expect(german({ channel_id: '5' })).toBe('AutoMod hat etwas in einer Nachricht von Ada in #general gefunden');
  expect(german({})).toBe('AutoMod hat etwas in einer Nachricht von Ada gefunden');
  expect(german({ rule_name: 'Names' })).toBe('AutoMod hat etwas an Ada gefunden (Regel „Names“)');
});
