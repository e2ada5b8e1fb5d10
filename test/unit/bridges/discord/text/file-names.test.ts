/** What files of Discord's are called, and how large they are. */
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

test('447-01 how large a picture is and how long a film lasts is told, where Discord says it', () => {
  const file = (more: object) =>
    read(message({ attachments: [{ filename: 'a.mp4', url: 'https://cdn.example/a.mp4', size: 1, ...more }] }), noNames)
      .files?.[0];
  const plain = { url: 'https://cdn.example/a.mp4', name: 'a.mp4', size: 1 };
  expect(file({ width: 640, height: 480, duration_secs: 1.25 })).toEqual({
    ...plain,
    width: 640,
    height: 480,
    lengthMs: 1_250,
  });
  expect(file({ width: null, height: null })).toEqual(plain);
  expect(file({ width: 0, height: 480, duration_secs: 0 })).toEqual(plain);
});
