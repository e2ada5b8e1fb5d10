/** CHECKLIST 394, 513, MSG-05: Content as Discord's Markdown, with the names that were typed and nobody pinged by surprise. */
import { describe, expect, test } from 'vitest';
import { write } from '../../../../../bridges/discord/text/index.ts';
import type { Content, Mark } from '../../../../../src/core/content.ts';
import { personId } from '../../../../../src/core/ids.ts';
import { names } from './told.ts';

const parts = (content: Content<never>, limit?: number) => write(content, names, limit).map((part) => part.content);
/** "[is:text]" is a mark over that text. */
function said(text: string): string {
  const marks: Mark[] = [];
  let plain = '';
  for (const piece of text.split(/(\[\w+:[^\]]*\])/)) {
    const [, is, inside] = /^\[(\w+):([^\]]*)\]$/s.exec(piece) ?? [];
    const from = plain.length;
    plain += inside ?? piece;
    if (is !== undefined) marks.push({ is: is as 'strong', from, to: plain.length });
  }
  return parts({ text: { plain, marks } }).join('|');
}
const plainly = (plain: string): string => parts({ text: { plain, marks: [] } }).join('|');

describe('marks', () => {
  test.each([
    ['a [strong:b] [emphasis:c] [underline:d]', 'a **b** *c* __d__'],
    ['[deleted:a] [spoiler:b] [code:c]', '~~a~~ ||b|| `c`'],
    ['[code:a`b]', '``a`b``'],
    ['[strong: a ]', ' **a** '],
    ['[strong:a][emphasis:b]', '**a**\u2060*b*'],
    ['[strong:two\nlines]', '**two**\n**lines**'],
    ['[block:let a;\nlet b;]', '```\nlet a;\nlet b;\n```'],
    ['[block:```js\nlet a;\n```]', '```js\nlet a;\n```'],
    ['x\n[quote:a\nb]\ny', 'x\n> a\n> b\ny'],
    ['[quote:> a\n> b]', '> a\n> b'],
  ])('394-01 %j', (text, markdown) => expect(said(text)).toBe(markdown));

  test('393-01 the signs of styling are those of Discord then', () => {
    expect(said('[strong:*b*] [emphasis:_e_] [deleted:~d~] [code:`c`] [quote:]')).toBe('**b** *e* ~~d~~ `c` ');
  });

  test('394-01 marks that cross each other are each closed and opened again', () => {
    const marks: readonly Mark[] = [
      { is: 'strong', from: 0, to: 4 },
      { is: 'underline', from: 2, to: 6 },
    ];
    expect(parts({ text: { plain: 'abcdef', marks } })).toEqual(['**ab__cd__**\u2060__ef__']);
  });

  test('394-01 links are masked, unless that would hide where they lead', () => {
    const linked = (plain: string, href: string): string =>
      parts({ text: { plain, marks: [{ is: 'link', href, from: 0, to: plain.length }] } }).join('|');
    expect(linked('here', 'https://a.example/b')).toBe('[here](https://a.example/b)');
    expect(linked('https://c.example', 'https://a.example/b')).toBe('https\\://c.example (<https://a.example/b>)');
    expect(linked('here', 'xmpp:a@b.example?join')).toBe('here (xmpp:a@b.example?join)');
    expect(linked('https://a.example/', 'https://a.example/')).toBe('https://a.example/');
  });
});

describe('text', () => {
  test.each([
    ['*a* __b__ ~~c~~ ||d|| `e`', '\\*a\\* \\_\\_b\\_\\_ \\~\\~c\\~\\~ \\|\\|d\\|\\| \\`e\\`'],
    ['snake_case ~5 a|b 3 < 4 C:\\x', 'snake_case ~5 a|b 3 < 4 C:\\\\x'],
    ['> a\n# b\n-# c\n7. d\n- e\n* f', '\\> a\n\\# b\n\\-# c\n7\\. d\n- e\n* f'],
    ['<@1> <@&6> <#5> <:cat:77> <t:1:F> </a:1>', '<\\@1> <\\@&6> <\\#5> <\\:cat:77> <t\\:1:F> <\\/a:1>'],
    ['@everyone @here', '\\@everyone \\@here'],
    ['[a](https://b.example/_c_)', '\\[a](https://b.example/_c_)'],
    ['<https://a.example/_b_> (https://c.example/_d_).', '<https://a.example/_b_> (https://c.example/_d_).'],
    ['12:30:45 :smile:', '12:30:45 \\:smile:'],
    ['¯\\_(ツ)_/¯', '¯\\\\\\_(ツ)\\_/¯'],
  ])('394-01 %j means nothing but itself', (plain, markdown) => expect(plainly(plain)).toBe(markdown));

  test('394-01 no text makes no message', () => {
    expect([parts({}), plainly(''), plainly(' \n ')]).toEqual([[], '', '']);
  });

  test('245-01 what somebody does is slanted, as Discord does it', () => {
    expect(parts({ text: { plain: 'waves_at', marks: [] }, action: true })).toEqual(['_waves\\_at_']);
    expect(parts({ text: { plain: 'sees https://a.example/_', marks: [] }, action: true })).toEqual([
      '*sees https://a.example/_*',
    ]);
  });
});

describe('names', () => {
  const pinged = (plain: string) => {
    const [part] = write({ text: { plain, marks: [] } }, names);
    return [part?.content, part?.allowed_mentions.users, part?.allowed_mentions.roles];
  };

  test.each([
    ['@Ada hi', '<@1> hi', ['1'], []],
    ['hi @ada!', 'hi <@1>!', ['1'], []],
    ['@Ada Lovelace, @Ada', '<@3>, <@1>', ['3', '1'], []],
    ['Ada: hi', '<@1>: hi', ['1'], []],
    ['ada, hi', '<@1>, hi', ['1'], []],
    ['@C. (d)_e x', '<@45> x', ['45'], []],
    ['@Crew look', '<@&6> look', [], ['6']],
    ['see #general.', 'see <#5>.', [], []],
    [':cat: x', '<:cat:77> x', [], []],
  ])('513-01 %j', (plain, ...expected) => expect(pinged(plain)).toEqual(expected));

  test.each([
    ['@Bob hi', '@Bob hi'],
    ['@Bosses hi', '@Bosses hi'],
    ['mail@ada.example', 'mail@ada.example'],
    ['@Adam', '@Adam'],
    ['well, Ada: no', 'well, Ada: no'],
    ['#twice #generalissimo', '#twice #generalissimo'],
    ['<@1> @everyone', '<\\@1> \\@everyone'],
  ])('513-01 %j pings nobody', (plain, markdown) => expect(pinged(plain)).toEqual([markdown, [], []]));

  test('513-01 who is mentioned by a mark is; a number within code is not', () => {
    const marks: readonly Mark[] = [
      { is: 'mention', person: personId('1'), from: 0, to: 4 },
      { is: 'code', from: 5, to: 9 },
    ];
    expect(write({ text: { plain: '@Ada <@4>', marks } }, names)).toEqual([
      { content: '<@1> `<@4>`', allowed_mentions: { parse: [], users: ['1'], roles: [], replied_user: false } },
    ]);
  });
});

describe('parts', () => {
  test('MSG-05 a message is 2,000 code points', () => {
    expect(parts({ text: { plain: '😀'.repeat(2000), marks: [] } })).toHaveLength(1);
    expect(parts({ text: { plain: '😀'.repeat(2001), marks: [] } }).map((part) => Array.from(part).length)).toEqual([
      2000, 1,
    ]);
  });

  test('MSG-05 cut between lines, else words, else graphemes; marks go on', () => {
    const lines = (plain: string, marks: readonly Mark[] = []) => parts({ text: { plain, marks } }, 200);
    expect(lines(`${'a'.repeat(150)}\n${'b'.repeat(150)}`)).toEqual(['a'.repeat(150), 'b'.repeat(150)]);
    expect(lines(`${'a'.repeat(150)} ${'b'.repeat(150)}`)).toEqual(['a'.repeat(150), 'b'.repeat(150)]);
    const flag = '👩‍🚀';
    expect(lines(`x${flag.repeat(80)}`).every((part) => /^x?(?:👩‍🚀)+$/u.test(part))).toBe(true);
    const bold: Mark = { is: 'strong', from: 0, to: 301 };
    expect(lines(`${'a'.repeat(150)} ${'b'.repeat(150)}`, [bold])).toEqual([
      `**${'a'.repeat(150)}**`,
      `**${'b'.repeat(150)}**`,
    ]);
  });

  test('MSG-05 a block of code is closed and opened again, in its language and its quote', () => {
    const code = `> \`\`\`js\n> ${'a'.repeat(120)}\n> ${'b'.repeat(120)}\n> \`\`\``;
    const marks: readonly Mark[] = [
      { is: 'quote', from: 0, to: code.length },
      { is: 'block', from: 0, to: code.length },
    ];
    expect(parts({ text: { plain: code, marks } }, 200)).toEqual([
      `> \`\`\`js\n> ${'a'.repeat(120)}\n> \`\`\``,
      `> \`\`\`js\n> ${'b'.repeat(120)}\n> \`\`\``,
    ]);
  });
});
