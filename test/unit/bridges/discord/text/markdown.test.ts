/** CHECKLIST 393, 394, 372: Discord's Markdown as text with marks, and how what is unknown or not closed stays as it was written. */
import { describe, expect, test } from 'vitest';
import { readMarkdown } from '../../../../../bridges/discord/text/markdown/blocks.ts';
import { names } from './told.ts';

/** What is shown, and behind it "is: text" for each mark. */
function told(markdown: string): readonly string[] {
  const { plain, marks } = readMarkdown(markdown, names);
  return [plain, ...marks.map(({ from, to, is }) => `${is}: ${plain.slice(from, to)}`)];
}

describe('within a line', () => {
  test.each([
    ['plain, 3 < 4 & "x"', ['plain, 3 < 4 & "x"']],
    ['**a** __b__ ~~c~~ ||d||', ['a b c d', 'strong: a', 'underline: b', 'deleted: c', 'spoiler: d']],
    ['*a* _b_', ['a b', 'emphasis: a', 'emphasis: b']],
    ['***a*** ***b** c*', ['a b c', 'strong: a', 'emphasis: a', 'strong: b', 'emphasis: b c']],
    ['***a* b**', ['a b', 'emphasis: a', 'strong: a b']],
    ['*a **b***', ['a b', 'strong: b', 'emphasis: a b']],
    ['**ab*cd***', ['abcd', 'emphasis: cd', 'strong: abcd']],
    ['__a _b___', ['a b', 'emphasis: b', 'underline: a b']],
    ['**two\nlines**', ['two\nlines', 'strong: two\nlines']],
    ['||**~~a~~**||', ['a', 'deleted: a', 'strong: a', 'spoiler: a']],
    ['un*believ*able', ['unbelievable', 'emphasis: believ']],
  ])('394-01 %j', (markdown, expected) => expect(told(markdown)).toEqual(expected));

  test.each([
    'snake_case_name and _not_closed',
    '* no emphasis *',
    '2 * 3 * 4',
    '**',
    '****',
    '**a',
    'a ~b~ c',
    '||a|',
    '~~a~~_',
    '[text](javascript:alert) [a](b) [](https://a.bc)',
    '<@2> <#7> <@&8> <:x> <t:99999999999999> <id:nowhere> </a>',
    '``` `a',
    '5 > 4',
    '#heading',
    '-#small',
    '¯\\_(ツ)_/¯',
    'C:\\new',
    '- a\n  - b\n1. c\n* d',
    '@everyone @here :smile:',
  ])('394-01 %j says just that', (markdown) => expect(told(markdown)).toEqual([markdown]));

  test('394-01 a backslash takes the meaning from what is behind it', () => {
    expect(told('\\*a\\* \\\\ \\`b\\` \\<@1> **c\\*\\* d**')).toEqual(['*a* \\ `b` <@1> c** d', 'strong: c** d']);
  });

  test('394-01 code is as it stands', () => {
    expect(told('`**a** <@1>` b')).toEqual(['**a** <@1> b', 'code: **a** <@1>']);
    expect(told('`` a`b `` and `` `c` ``')).toEqual([' a`b  and `c`', 'code:  a`b ', 'code: `c`']);
  });

  test('394-01 a masked link says where it leads; a bare one is itself', () => {
    expect(told('[*a*](https://b.example/c_d_e "title")!')).toEqual([
      'a (https://b.example/c_d_e)!',
      'emphasis: a',
      'link: a',
    ]);
    expect(told('<https://a.example/_x_> https://b.example/_y_, (https://c.example/d_(e)).')).toEqual([
      'https://a.example/_x_ https://b.example/_y_, (https://c.example/d_(e)).',
    ]);
    expect(told('**https://a.example/**')).toEqual(['https://a.example/', 'strong: https://a.example/']);
  });

  test('372-01 who and what is named by number is named by name', () => {
    expect(told('<@1> <@!1>, <#5> <@&6> </roll dice:9> <id:customize>')).toEqual([
      '@Ada @Ada, #general @Crew /roll dice Channels & Roles',
      'mention: @Ada',
      'mention: @Ada',
      'room: #general',
    ]);
    expect(readMarkdown('<@1><#5>', names).marks).toEqual([
      { is: 'mention', person: '1', from: 0, to: 4 },
      { is: 'room', chat: '#5', from: 4, to: 12 },
    ]);
  });

  test('514-01 an emoji of the network is a picture that a word stands for', () => {
    expect(readMarkdown('a <:cat:77> <a:dance:78>', names)).toEqual({
      plain: 'a :cat: :dance:',
      marks: [
        { is: 'image', src: 'https://cdn.discordapp.com/emojis/77.png', from: 2, to: 7 },
        { is: 'image', src: 'https://cdn.discordapp.com/emojis/78.gif', from: 8, to: 15 },
      ],
    });
  });

  test.each([
    ['t', '21:20 UTC'],
    ['T', '21:20:30 UTC'],
    ['d', '2021-04-20'],
    ['D', '2021-04-20'],
    ['f', '2021-04-20 21:20 UTC'],
    ['F', '2021-04-20 21:20 UTC'],
    ['R', '2021-04-20 21:20 UTC'],
  ])('394-01 a time in the style %s', (style, said) => {
    expect(told(`at <t:1618953630:${style}>`)).toEqual([`at ${said}`]);
  });

  test('394-01 what keeps marks apart says nothing', () => {
    expect(told('**a**\u2060*b*')).toEqual(['ab', 'strong: a', 'emphasis: b']);
  });
});

describe('blocks', () => {
  test('393-02 quotes keep their signs, and what is in them is read', () => {
    expect(told('> **a**\n> > b\nc')).toEqual(['> a\n> > b\nc', 'quote: > a\n> > b', 'strong: a']);
    expect(told('x\n>>> a\n\n**b**')).toEqual(['x\n> a\n> \n> b', 'quote: > a\n> \n> b', 'strong: b']);
    expect(told('> a\n>\n> b')).toEqual(['> a\n> \n> b', 'quote: > a\n> \n> b']);
    expect(told('> **two\n> lines**')).toEqual(['> two\n> lines', 'quote: > two\n> lines', 'strong: two\n> lines']);
  });

  test('393-02 blocks of code stand on lines of their own, with their language', () => {
    expect(told('```js\nlet a = *b*;\n```')).toEqual(['```js\nlet a = *b*;\n```', 'block: ```js\nlet a = *b*;\n```']);
    expect(told('see ```x``` there')).toEqual(['see\n```\nx\n```\nthere', 'block: ```\nx\n```']);
    expect(told('> ```\n> a\n> ```')).toEqual([
      '> ```\n> a\n> ```',
      'quote: > ```\n> a\n> ```',
      'block: ```\n> a\n> ```',
    ]);
    expect(told('```\n> a\n```\nb')).toEqual(['```\n> a\n```\nb', 'block: ```\n> a\n```']);
  });

  test('394-01 headings are bold, small print is text', () => {
    expect(told('# A *b*\n### C\n-# d **e**')).toEqual([
      'A b\nC\nd e',
      'strong: A b',
      'emphasis: b',
      'strong: C',
      'strong: e',
    ]);
  });
});
