/** CHECKLIST 393, 394: from an XMPP client's message to Discord's Markdown, and from that to what XMPP clients get. */
import { describe, expect, test } from 'vitest';
import { noNames, read, write } from '../../../../../bridges/discord/text/index.ts';
import { contentOf } from '../../../../../src/gateway/decode/said.ts';
import { bodyOf } from '../../../../../src/gateway/text/body.ts';
import { parse } from '../../../../harness/markup.ts';
import { names } from './told.ts';

const toDiscord = (inside: string): readonly string[] =>
  write(contentOf(parse(`<message xmlns='jabber:client'>${inside}</message>`)) ?? {}, names).map(
    (part) => part.content,
  );

/** As a client without markup sees it, and whether it is told that nothing in it is styling. */
function toXmpp(content: string): readonly [body: string | undefined, isUnstyled: boolean] {
  const said = read({ type: 0, content, mentions: [], attachments: [], embeds: [] } as never, noNames);
  const written = bodyOf(said)?.text ?? '';
  return [/<body>([^<]*)<\/body>/.exec(written)?.[1], written.includes('<unstyled')];
}

describe('from XMPP', () => {
  test.each([
    [
      '<body>so *bold* and _slanted_, ~not so~, `1 * 2 * 3`</body>',
      'so **bold** and *slanted*, ~~not so~~, `1 * 2 * 3`',
    ],
    ['<body>&gt; what?\nthat</body>', '> what?\nthat'],
    ['<body>```\nif (a &lt; b) c*d*;\n```</body>', '```\nif (a < b) c*d*;\n```'],
    ["<body>*not bold*</body><unstyled xmlns='urn:xmpp:styling:0'/>", '\\*not bold\\*'],
    ['<body>2 * 3 * 4, a_b_c, C:\\dir</body>', '2 \\* 3 \\* 4, a_b_c, C:\\\\dir'],
    ['<body>/me waves at @Ada</body>', '_waves at <@1>_'],
    ['<body>https://a.example/x_(y)_z?*</body>', 'https://a.example/x_(y)_z?*'],
    [
      "<body>well done</body><markup xmlns='urn:xmpp:markup:0'><span start='5' end='9'><strong/></span></markup>",
      'well **done**',
    ],
    ["<body>all is lost</body><spoiler xmlns='urn:xmpp:spoiler:0'/>", '||all is lost||'],
    ["<body>all is lost</body><spoiler xmlns='urn:xmpp:spoiler:0'>the end</spoiler>", 'the end: ||all is lost||'],
    ['<body>the end: ||all *is* lost||</body>', 'the end: ||all **is** lost||'],
    ['<body>a || b || c, x||y||z, ||||</body>', 'a \\|\\| b \\|\\| c, x\\|\\|y\\|\\|z, \\|\\|\\|\\|'],
  ])('393-01 %s', (inside, markdown) => expect(toDiscord(inside)).toEqual([markdown]));
});

describe('to XMPP', () => {
  test.each([
    ['so **bold** and *slanted*', 'so bold and slanted', false],
    ['> what?\nthat', '&gt; what?\nthat', false],
    ['```js\nlet a;\n```', '```js\nlet a;\n```', false],
    ['\\*not bold\\*', '*not bold*', true],
    ['a ||secret|| <https://a.example>', 'a ||secret|| https://a.example', false],
    ['> ||**a** b||', '&gt; ||a b||', true],
    ['[https://a.example](https://a.example)', 'https://a.example', false],
    ['[here](https://a.example/b)', 'here (https://a.example/b)', false],
    ['_waves_', '/me waves', false],
    ['1 < 2 & 3', '1 &lt; 2 &amp; 3', false],
  ])('393-02 %j', (markdown, body, isUnstyled) => expect(toXmpp(markdown)).toEqual([body, isUnstyled]));

  test('393-02 what comes back over both is what was said', () => {
    for (const body of ['so *bold*', '> what?\nthat', 'a_b_c *', '```\nx\n```', '/me waves', '||all|| is ||lost||']) {
      const [markdown = ''] = toDiscord(`<body>${body.replaceAll('>', '&gt;')}</body>`);
      const again = read({ type: 0, content: markdown, mentions: [], attachments: [], embeds: [] } as never, noNames);
      expect(write(again, noNames).map((part) => part.content)).toEqual([markdown]);
    }
  });
});
