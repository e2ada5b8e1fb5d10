/** CHECKLIST 394, 449, 461, 245: whole messages of Discord's as Content, with what is no text in words. */
import type { APIMessage } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { read } from '../../../../../bridges/discord/text/index.ts';
import { isSystem } from '../../../../../bridges/discord/text/system.ts';
import { names } from './told.ts';

const author = { id: '1', username: 'ada', global_name: 'Ada L', discriminator: '0', avatar: null };
/** As Discord's documentation has messages; what a test does not speak of is empty. */
const message = (fields: object): APIMessage =>
  ({
    id: '900',
    channel_id: '5',
    author,
    content: '',
    timestamp: '2026-01-02T03:04:05.000000+00:00',
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    pinned: false,
    type: 0,
    ...fields,
  }) as unknown as APIMessage;
const text = (fields: object): string | undefined => read(message(fields), names).text?.plain;

describe('what is said', () => {
  test('394-01 372-01 text with marks; who is not known is named by the message', () => {
    const mentions = [{ id: '99', username: 'zoe', global_name: 'Zoë' }];
    expect(read(message({ content: '<@99> **hi** <@98>', mentions }), names)).toEqual({
      text: {
        plain: '@Zoë hi <@98>',
        marks: [
          { is: 'mention', person: '99', from: 0, to: 4 },
          { is: 'strong', from: 5, to: 7 },
        ],
      },
    });
  });

  test('245-01 what is slanted all over, as /me writes it, is done', () => {
    expect(read(message({ content: '_waves_' }), names)).toEqual({ text: { plain: 'waves', marks: [] }, action: true });
    expect(read(message({ content: '*waves*' }), names).action).toBeUndefined();
    expect(read(message({ content: '_a_ b _c_' }), names).action).toBeUndefined();
    expect(read(message({ content: '__a__' }), names).action).toBeUndefined();
  });

  test('461-01 a reply names what it answers; a forward answers nothing', () => {
    expect(
      read(message({ type: 19, content: 'yes', message_reference: { message_id: '800' } }), names).replyTo,
    ).toEqual({
      id: '800',
      part: 0,
    });
    expect(read(message({ message_reference: { type: 1, message_id: '800' } }), names).replyTo).toBeUndefined();
  });

  test('394-01 a command says who gave it, an invitation to play or listen what it is to, a message without anything nothing', () => {
    expect(text({ type: 20, content: '7', interaction: { id: '1', type: 2, name: 'roll', user: author } })).toBe(
      'Ada used /roll\n7',
    );
    expect(read(message({}), names)).toEqual({});
    const chess = { application: { name: 'Chess' }, content: 'come' };
    expect(text({ ...chess, activity: { type: 1, party_id: 'p' } })).toBe('come\nInvitation to join in: Chess');
    expect(text({ activity: { type: 3, party_id: 'spotify:1' } })).toBe('Invitation to listen along');
  });
});

describe('files', () => {
  test('447-01 attachments with what is known of them, and in words what they show', () => {
    const attachments = [
      {
        id: '1',
        filename: 'cat.png',
        url: 'https://cdn.example/cat.png',
        proxy_url: '',
        size: 12,
        content_type: 'image/png',
        description: 'A cat',
      },
      {
        id: '2',
        filename: 'voice-message.ogg',
        url: 'https://cdn.example/v.ogg',
        proxy_url: '',
        size: 9,
        duration_secs: 61.7,
        waveform: 'AA==',
      },
    ];
    expect(read(message({ attachments }), names)).toEqual({
      text: { plain: 'cat.png: A cat\nVoice message (1:02)', marks: [] },
      files: [
        { url: 'https://cdn.example/cat.png', name: 'cat.png', type: 'image/png', size: 12 },
        { url: 'https://cdn.example/v.ogg', name: 'voice-message.ogg', size: 9, lengthMs: 61_700 },
      ],
    });
  });

  test('447-01 what an attachment alone shows is part of it, and in words beside anything else', () => {
    const cat = { id: '1', filename: 'cat.png', url: 'https://cdn.example/cat.png', proxy_url: '', size: 12 };
    const said = (description: string, more: object = {}) =>
      read(message({ attachments: [{ ...cat, description }], ...more }), names);
    expect(said(' A cat,\n asleep ')).toEqual({
      files: [{ url: cat.url, name: 'cat.png', size: 12, description: 'A cat, asleep' }],
    });
    expect(said(' ')).toEqual({ files: [{ url: cat.url, name: 'cat.png', size: 12 }] });
    expect(said('x'.repeat(5_000)).files?.[0]?.description).toHaveLength(1_024);
    const beside = said('A cat', { content: 'look' });
    expect([beside.text?.plain, beside.files?.[0]?.description]).toEqual(['look\ncat.png: A cat', undefined]);
    const withSticker = said('A cat', { sticker_items: [{ id: '71', name: 'Wave', format_type: 1 }] });
    expect(withSticker.text?.plain).toBe('cat.png: A cat');
  });

  test('066-01 a voice message is its file and nothing else, so that clients play it; how long it is is part of it', () => {
    const voice = { id: '1', filename: 'voice-message.ogg', url: 'https://cdn.example/v.ogg', proxy_url: '', size: 9 };
    const said = (more: object) =>
      read(message({ attachments: [{ ...voice, duration_secs: 61.7, waveform: 'AA==', ...more }] }), names);
    const file = { url: voice.url, name: voice.filename, size: 9, lengthMs: 61_700 };
    expect(said({})).toEqual({ files: [{ ...file, description: 'Voice message (1:02)' }] });
    expect(said({ description: 'A song' })).toEqual({
      files: [{ ...file, description: 'Voice message (1:02): A song' }],
    });
  });

  test('449-01 stickers are pictures where they are, else their names', () => {
    const sticker_items = [
      { id: '71', name: 'Wave', format_type: 1 },
      { id: '72', name: 'Dance', format_type: 4 },
      { id: '73', name: 'Hop', format_type: 3 },
    ];
    const { text: said, files } = read(message({ sticker_items }), names);
    expect(said?.plain).toBe('Sticker: Hop');
    expect(files?.map(({ url, name }) => [url, name])).toEqual([
      ['https://cdn.discordapp.com/stickers/71.png', 'Wave.png'],
      ['https://media.discordapp.net/stickers/72.gif', 'Dance.gif'],
    ]);
  });
});

describe('embeds', () => {
  const embed = {
    type: 'rich',
    author: { name: 'CI', url: 'https://ci.example' },
    title: 'Build *failed*',
    url: 'https://ci.example/1',
    description: 'In **main**\nby <@1>',
    fields: [{ name: 'Branch', value: 'main' }],
    footer: { text: 'now' },
    image: { url: 'https://ci.example/graph.png' },
  };

  test('394-01 are quoted, with their picture', () => {
    const { text: said, files } = read(message({ embeds: [embed] }), names);
    expect(said?.plain.split('\n')).toEqual([
      '> CI (https://ci.example)',
      '> Build failed (https://ci.example/1)',
      '> In main',
      '> by @Ada',
      '> Branch: main',
      '> now',
    ]);
    expect(said?.marks.map(({ is, from, to }) => `${is}: ${said.plain.slice(from, to)}`).slice(1)).toEqual([
      'link: CI',
      'link: Build failed',
      'strong: Build failed',
      'emphasis: failed',
      'strong: main',
      'mention: @Ada',
      'strong: Branch',
    ]);
    expect(files).toEqual([{ url: 'https://ci.example/graph.png', name: 'graph.png' }]);
  });

  test('308-05 previews of what stands in the text are left out', () => {
    const preview = { type: 'article', url: 'https://news.example/', title: 'News' };
    expect(text({ content: 'see https://news.example', embeds: [preview] })).toBe('see https://news.example');
    expect(text({ content: 'https://ci.example/1', embeds: [embed] })).toBe('https://ci.example/1');
  });
});

describe('what is more than text', () => {
  const poll = {
    question: { text: 'When?' },
    answers: [
      { answer_id: 1, poll_media: { text: 'Now' } },
      { answer_id: 2, poll_media: { text: 'Later', emoji: { id: null, name: '🕐' } } },
    ],
    expiry: '2026-02-01T12:00:00+00:00',
    allow_multiselect: true,
  };

  test('394-01 polls, and what came of them', () => {
    expect(text({ poll })).toBe('Poll: When? (several answers, until 2026-02-01 12:00 UTC)\n1. Now\n2. 🕐 Later');
    const results = { is_finalized: true, answer_counts: [{ id: 2, count: 1, me_voted: false }] };
    expect(text({ poll: { ...poll, allow_multiselect: false, results } })).toBe(
      'Poll: When? (over)\n1. Now (0 votes)\n2. 🕐 Later (1 vote)',
    );
    const fields = Object.entries({
      poll_question_text: 'When?',
      victor_answer_text: 'Later',
      victor_answer_votes: '3',
      total_votes: '5',
    }).map(([name, value]) => ({ name, value }));
    expect(text({ type: 46, embeds: [{ type: 'poll_result', fields }] })).toBe(
      'The poll “When?” is over: “Later” with 3 of 5 votes',
    );
  });

  test('394-01 what was forwarded is quoted, its files come along', () => {
    const attachments = [{ id: '1', filename: 'a.txt', url: 'https://cdn.example/a.txt', proxy_url: '', size: 1 }];
    const inside = { content: 'old **news**\nhere', embeds: [], attachments, mentions: [], timestamp: '', type: 0 };
    const content = read(message({ message_reference: { type: 1 }, message_snapshots: [{ message: inside }] }), names);
    expect(content.text?.plain).toBe('Forwarded:\n> old news\n> here');
    expect(content.files).toEqual([{ url: 'https://cdn.example/a.txt', name: 'a.txt', size: 1 }]);
  });

  test('394-01 messages that are laid out: texts, pictures, buttons', () => {
    const components = [
      {
        type: 17,
        components: [
          { type: 10, content: '# Hello' },
          {
            type: 9,
            components: [{ type: 10, content: 'press' }],
            accessory: { type: 2, style: 1, label: 'OK', custom_id: 'a' },
          },
          { type: 12, items: [{ media: { url: 'https://cdn.example/b.png' } }] },
        ],
      },
      {
        type: 1,
        components: [
          { type: 2, style: 5, label: 'Docs', url: 'https://docs.example' },
          { type: 3, custom_id: 'b', placeholder: 'Pick' },
        ],
      },
    ];
    const content = read(message({ components, flags: 1 << 15 }), names);
    expect(content.text?.plain).toBe('Hello\npress\n[OK]\nDocs (https://docs.example) [Pick]');
    expect(content.files).toEqual([{ url: 'https://cdn.example/b.png', name: 'b.png' }]);
  });

  test('what is hidden in a laid out message is hidden, says what it shows, and its address expires', () => {
    const at = 'https://cdn.discordapp.com/attachments/1/2';
    const components = [
      { type: 12, items: [{ media: { url: `${at}/a.png?ex=10` }, description: 'A\ncat', spoiler: true }] },
      { type: 13, file: { url: `${at}/b.pdf?ex=10` }, name: 'b.pdf', spoiler: true },
      {
        type: 17,
        spoiler: true,
        components: [
          { type: 10, content: 'It *ends*' },
          {
            type: 9,
            components: [{ type: 10, content: 'badly' }],
            accessory: { type: 11, media: { url: 'https://pictures.example/c.png?ex=10' } },
          },
        ],
      },
      { type: 10, content: 'or not' },
    ];
    const { text: said, files } = read(message({ components, flags: 1 << 15 }), names);
    expect(said).toEqual({
      plain: 'a.png: A cat\nIt ends\nbadly\nor not',
      marks: [
        { is: 'spoiler', from: 0, to: 12 },
        { is: 'spoiler', from: 13, to: 20 },
        { is: 'emphasis', from: 16, to: 20 },
        { is: 'spoiler', from: 21, to: 26 },
      ],
    });
    expect(files).toEqual([
      { url: `${at}/a.png?ex=10`, name: 'a.png', until: 16_000, isSpoiler: true },
      { url: `${at}/b.pdf?ex=10`, name: 'b.pdf', until: 16_000, isSpoiler: true },
      { url: 'https://pictures.example/c.png?ex=10', name: 'c.png', isSpoiler: true },
    ]);
  });

  test('394-01 the beginning of a thread says what it is about', () => {
    const about = message({ content: 'an *idea*', author: { ...author, id: '4', username: 'bob' } });
    expect(text({ type: 21, referenced_message: about })).toBe('Bob:\n> an idea');
  });
});

describe('what Discord says', () => {
  test.each([
    [{ type: 1, mentions: [{ id: '4', username: 'bob' }] }, 'Ada added Bob to the thread'],
    [{ type: 2, mentions: [author] }, 'Ada left the thread'],
    [{ type: 2, mentions: [{ id: '4', username: 'bob' }] }, 'Ada removed Bob from the thread'],
    [{ type: 3 }, 'Ada started a call'],
    [
      { type: 3, call: { participants: [], ended_timestamp: '2026-01-02T03:24:05+00:00' } },
      'Ada started a call of 20 minutes',
    ],
    [{ type: 4, content: 'New' }, 'Ada changed the name to: New'],
    [{ type: 6 }, 'Ada pinned a message'],
    [{ type: 7 }, 'Ada joined'],
    [{ type: 8, content: '3' }, 'Ada boosted the server 3 times'],
    [{ type: 10 }, 'Ada boosted the server: it has reached level 2'],
    [{ type: 12, content: 'News #updates' }, 'Ada has this channel follow: News #updates'],
    [{ type: 18, content: 'Ideas' }, 'Ada started a thread: Ideas'],
    [{ type: 38 }, 'Ada reported a raid'],
  ])('394-01 %j', (fields, said) => {
    expect(text(fields)).toBe(said);
    expect(isSystem(message(fields))).toBe(true);
  });

  test('394-01 what people say is theirs', () => {
    expect([0, 19, 20, 21, 23].map((type) => isSystem(message({ type })))).toEqual([false, false, false, false, false]);
  });

  test('394-01 a kind that is not known yet says what it says', () => {
    expect(text({ type: 9999, content: 'new *thing*' })).toBe('new thing');
  });
});

describe('what is too much', () => {
  test('394-01 things within things are followed so far only', () => {
    const nested = (depth: number): object =>
      depth === 0 ? { type: 10, content: 'deep' } : { type: 17, components: [nested(depth - 1)] };
    expect(text({ components: [nested(4)] })).toBe('deep');
    expect(text({ components: [nested(1000)] })).toBeUndefined();
  });

  test('394-01 of lists only as much as Discord would allow', () => {
    const many = <T>(one: (number: number) => T): readonly T[] =>
      Array.from({ length: 1000 }, (_, number) => one(number));
    const attachments = many((number) => ({
      id: String(number),
      filename: `${number}.txt`,
      url: `https://cdn.example/${number}.txt`,
      proxy_url: '',
      size: 1,
    }));
    expect(read(message({ attachments }), names).files).toHaveLength(20);
    const embeds = many((number) => ({ type: 'rich', description: `e${number}` }));
    expect(text({ embeds })?.split('\n')).toHaveLength(10);
    const answers = many((number) => ({ answer_id: number, poll_media: { text: `a${number}` } }));
    expect(text({ poll: { question: { text: 'q' }, answers, expiry: null } })?.split('\n')).toHaveLength(21);
    const snapshots = many(() => ({ message: { content: 'x', embeds: [], attachments: [], mentions: [] } }));
    expect(text({ message_snapshots: snapshots })?.split('\n')).toHaveLength(10);
  });

  test('394-01 what a server leaves out is empty', () => {
    const bare = (type: number) => read({ id: '1', type, author, timestamp: '2026-01-02T03:04:05Z' } as never, names);
    expect(bare(0)).toEqual({});
    expect(bare(2).text?.plain).toBe('Ada left the thread');
    expect(bare(4).text?.plain).toBe('Ada changed the name to: ');
    const snapshots = [{ message: {} }];
    expect(read({ ...bare(0), author, type: 0, message_snapshots: snapshots } as never, names).text?.plain).toBe(
      'Forwarded:',
    );
  });

  test('447-01 what is no address on the web is no file', () => {
    const image = { url: 'javascript:alert(1)' };
    expect(read(message({ embeds: [{ type: 'rich', description: 'a', image }] }), names).files).toBeUndefined();
    expect(read(message({ components: [{ type: 13, file: { url: 'attachment://a.txt' } }] }), names)).toEqual({});
    const sticker_items = [{ id: '../../x', name: 'Up', format_type: 1 }];
    expect(read(message({ sticker_items }), names)).toEqual({ text: { plain: 'Sticker: Up', marks: [] } });
  });
});

describe('447-01 until when a file is there', () => {
  const until = 0x69_00_00_00 * 1_000;
  const signed = 'https://cdn.discordapp.com/attachments/1/2/cat.png?ex=69000000&is=68ffffff&hm=ab&';
  const fileIn = (fields: object) => read(message(fields), names).files?.[0];
  const attached = (url: string) => fileIn({ attachments: [{ id: '1', filename: 'cat.png', size: 1, url }] });

  test('stands in the address that Discord has signed; another one lasts', () => {
    expect(attached(signed)?.until).toBe(until);
    expect(attached(signed.replace('ex=69000000&is=68ffffff', 'is=68ffffff&ex=69000000'))?.until).toBe(until);
    for (const url of [
      'https://cdn.discordapp.com/a.png',
      signed.replace('ex=', 'hex='),
      signed.replace('ex=69000000', 'ex=later'),
    ])
      expect(attached(url)).toEqual({ url, name: 'cat.png', size: 1 });
  });

  test('is believed of an embed’s picture only where that lies with Discord: anybody may make an embed', () => {
    const embedded = (url: string) => fileIn({ embeds: [{ type: 'rich', title: 'a', image: { url } }] });
    expect(embedded(signed)?.until).toBe(until);
    for (const url of [
      'https://evil.test/attachments/1/2/cat.png?ex=69000000',
      'https://cdn.discordapp.com.evil.test/attachments/1/2/cat.png?ex=69000000',
      'https://cdn.discordapp.com/icons/1/2.png?ex=69000000',
    ])
      expect(embedded(url)).toEqual({ url, name: url.includes('icons') ? '2.png' : 'cat.png' });
  });

  test('stickers last', () => {
    expect(fileIn({ sticker_items: [{ id: '7', name: 'wave', format_type: 1 }] })).not.toHaveProperty('until');
  });
});
