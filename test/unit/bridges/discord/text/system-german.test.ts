/** All that Discord itself says in a channel is there in German, with the names that stand in it (GEN-10). */
import type { APIMessage } from 'discord.js';
import { expect, test } from 'vitest';
import { germanSentences } from '../../../../../bridges/discord/sentences-german.ts';
import { isSystem, systemText } from '../../../../../bridges/discord/text/system.ts';
import { createTranslate } from '../../../../../src/core/sentences.ts';
import { names } from './told.ts';

const translate = createTranslate({ de: germanSentences });
const author = { id: '1', username: 'ada', global_name: 'Ada L', discriminator: '0', avatar: null };
const other = { id: '4', username: 'bob' };
const call = { participants: [], ended_timestamp: '2026-01-02T03:24:05+00:00' };
const about = (...fields: readonly (readonly [string, string])[]) => ({
  embeds: [{ fields: fields.map(([name, value]) => ({ name, value })) }],
});
const asked = ['poll_question_text', 'Tea?'] as const;

const said = (fields: object): string | undefined => {
  const message = { author, content: '', timestamp: '2026-01-02T03:04:05.000000+00:00', ...fields };
  return systemText(message as unknown as APIMessage, names)?.plain;
};
const german = (fields: object): string | undefined => translate(said(fields) ?? '', 'de');

test('GEN-10 every kind, with words in it and without', () => {
  const kinds = Array.from({ length: 64 }, (_, type) => type).filter((type) => isSystem({ type }));
  const all = kinds.flatMap((type) => [
    said({ type }),
    said({ type, content: '3', mentions: [other], call }),
    said({ type, ...about(asked, ['total_votes', '1']) }),
    said({ type, ...about(asked, ['victor_answer_text', 'yes'], ['total_votes', '3'], ['victor_answer_votes', '2']) }),
  ]);
  const texts = all.filter((one) => one !== undefined);
  expect(new Set(texts).size).toBeGreaterThan(30);
  expect(texts.filter((one) => translate(one, 'de') === undefined)).toEqual([]);
});

test.each([
  [{ type: 1, mentions: [other] }, 'Ada hat Bob in den Thread geholt'],
  [{ type: 7 }, 'Ada ist dazugekommen'],
  [{ type: 8, content: '3' }, 'Ada hat den Server 3-mal geboostet'],
  [{ type: 10 }, 'Ada hat den Server geboostet: er hat Stufe 2 erreicht'],
  [{ type: 18, content: 'who joined' }, 'Ada hat einen Thread begonnen: who joined'],
  [
    { type: 46, ...about(asked, ['total_votes', '0']) },
    'Die Umfrage „Tea?“ ist vorbei: nichts wurde gewählt (0 Stimmen)',
  ],
])('GEN-10 %j', (fields, text) => {
  expect(german(fields)).toBe(text);
});
