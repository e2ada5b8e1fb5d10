/** What files of Discord's are called. */
import { expect, test } from 'vitest';
import { noNames, read } from '../../../../../bridges/discord/text/index.ts';

const message = (more: object) => ({ type: 0, content: '', mentions: [], embeds: [], ...more }) as never;

test.each([
  ['_______.pdf', 'Отчёт за май', 'Отчёт за май.pdf'],
  ['unknown.PDF', 'Отчёт.pdf', 'Отчёт.pdf'],
  ['SPOILER_Ubersicht.png', 'SPOILER_Übersicht', 'Übersicht.png'],
  ['clip.mp4', 'The a/b\\c\u202egpj.\n', 'The a b c gpj..mp4'],
  ['long.txt', 'x'.repeat(400), `${'x'.repeat(150)}.txt`],
  ['plain.txt', undefined, 'plain.txt'],
  ['plain.txt', ' ', 'plain.txt'],
])('447-01 a file %j with the title %j is called %j', (filename, title, name) => {
  const url = `https://cdn.example/${filename}`;
  const attachments = [{ id: '1', filename, url, proxy_url: '', size: 1, ...(title !== undefined && { title }) }];
  expect(read(message({ attachments }), noNames).files?.[0]).toMatchObject({ url, name });
  const described = attachments.map((one) => ({ ...one, description: 'What it is' }));
  const { text } = read(message({ content: 'look', attachments: described }), noNames);
  expect(text?.plain).toBe(`look\n${name}: What it is`);
});
