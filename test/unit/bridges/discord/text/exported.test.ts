/** Messages of an export as the live ones are: by whom, when, what. */
import { describe, expect, test } from 'vitest';
import { readExported, readExportHead } from '../../../../../bridges/discord/text/exported.ts';
import { ada, ben, exported, exportedMessage, exportedUser } from '../../../../harness/discord-export.ts';

const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const read = (content: string, more: object = {}) => readExported(exportedMessage(at, content, more));
const text = (content: string, more: object = {}) => read(content, more)?.content.text?.plain;

describe('the head', () => {
  test('says which channel it is', () => {
    expect(readExportHead(exported([]))).toEqual({ guild: 'Verona', channel: 'balcony', id: '900000000000000005' });
  });

  test.each([
    undefined,
    1,
    {},
    { guild: {} },
    exported([], { channel: { id: '../x' } }),
    exported([], { channel: { id: '0' } }),
  ])('is none: %j', (head) => expect(readExportHead(head)).toBeUndefined());
});

describe('a message', () => {
  test('with its time, its author and its formatting', () => {
    expect(read('so **bold**')).toMatchObject({
      at,
      by: ada.id,
      nick: 'Ada',
      isSystem: false,
      reactions: [],
      content: { text: { plain: 'so bold', marks: [{ is: 'strong', from: 3, to: 7 }] } },
    });
  });

  test('of a webhook is its name’s, of a bot the bot’s', () => {
    const hook = exportedUser('100000000000000009', 'Juliet', { isBot: true });
    expect(read('x', { author: hook })?.by).toBe('100000000000000009:Juliet');
    expect(read('x', { author: { ...hook, discriminator: '1234' } })?.by).toBe('100000000000000009');
  });

  test('without a name of one’s own there has the other, or the number', () => {
    expect(read('x', { author: { ...ada, nickname: null } })?.nick).toBe('ada');
    expect(read('x', { author: { id: ada.id } })?.nick).toBe(ada.id);
  });

  test('308-01 that was changed says when', () => {
    expect(read('x', { timestampEdited: '2026-01-03T00:00:00.5+01:00' })?.editedAt).toBe(
      Date.UTC(2026, 0, 2, 23, 0, 0, 500),
    );
    expect(read('x')).not.toHaveProperty('editedAt');
  });

  test('461-01 that answers names what', () => {
    const reference = { messageId: '123', channelId: '5', guildId: '7' };
    expect(read('x', { type: 'Reply', reference })?.content.replyTo).toEqual({ id: '123', part: 0 });
    expect(read('x', { type: 'Reply', reference: { ...reference, messageId: null } })?.content.replyTo).toBeUndefined();
    expect(read('Pinned a message.', { type: 'ChannelPinnedMessage', reference })?.isSystem).toBe(true);
  });

  test('444-01 with who reacted, and all of each; a guild’s own emoji are left out', () => {
    const reactions = [
      { emoji: { id: '', name: '👍', code: 'thumbsup', isAnimated: false, imageUrl: '' }, count: 2, users: [ada, ben] },
      { emoji: { id: '', name: '🎉', code: 'tada' }, count: 1, users: [ben] },
      { emoji: { id: '77', name: 'cat', code: 'cat' }, count: 1, users: [ben] },
      { emoji: { id: '', name: '🙂', code: 'slight_smile' }, count: 5 },
    ];
    expect(read('x', { reactions })?.reactions).toEqual([
      { by: ada.id, nick: 'Ada', emoji: ['👍'] },
      { by: ben.id, nick: 'ben', emoji: ['👍', '🎉'] },
    ]);
  });

  test('447-01 with its files: links, and by name those that lie beside the export', () => {
    const attachments = [
      { id: '1', url: 'https://cdn.example/cat.png', fileName: 'cat.png', fileSizeBytes: 12 },
      { id: '2', url: 'balcony.json_Files/dog.png', fileName: 'dog.png', fileSizeBytes: 13 },
    ];
    expect(read('see', { attachments })?.content).toMatchObject({
      text: { plain: 'see\nFile: dog.png' },
      files: [{ url: 'https://cdn.example/cat.png', name: 'cat.png', size: 12 }],
    });
  });

  test('394-01 with embeds, stickers, what was forwarded and which command it was', () => {
    const embed = {
      title: 'Build',
      url: 'https://ci.example/1',
      timestamp: null,
      description: 'ok',
      author: { name: 'CI', url: null },
      image: { url: 'local/a.png', canonicalUrl: 'https://ci.example/a.png', width: 1, height: 1 },
      footer: { text: 'now' },
      images: [],
      fields: [{ name: 'On', value: 'main', isInline: true }],
    };
    expect(text('', { embeds: [embed] })).toBe('> CI\n> Build (https://ci.example/1)\n> ok\n> On: main\n> now');
    expect(read('', { embeds: [embed] })?.content.files).toEqual([{ url: 'https://ci.example/a.png', name: 'a.png' }]);
    expect(text('https://ci.example/1', { embeds: [embed] })).toBe('https://ci.example/1');
    expect(text('', { stickers: [{ id: '7', name: 'Hop', format: 'Lottie', sourceUrl: '' }] })).toBe('Sticker: Hop');
    const forwardedMessage = { timestamp: '', content: 'old', attachments: [], embeds: [], stickers: [] };
    const reference = { type: 'Forward', messageId: '1', channelId: '2', guildId: null };
    expect(read('', { forwardedMessage, reference })?.content).toEqual({
      text: { plain: 'Forwarded:\n> old', marks: [{ is: 'quote', from: 11, to: 16 }] },
    });
    expect(text('7', { interaction: { id: '1', name: 'roll', user: ben }, type: '20' })).toBe('ben used /roll\n7');
  });

  test('of years ago, with less in it', () => {
    const old = {
      id: '1',
      type: 'Default',
      timestamp: '2019-04-02T18:21:03.117+00:00',
      content: 'hi <@100000000000000002>',
      author: { id: '5', name: 'ada', discriminator: '0001', isBot: false, avatarUrl: '' },
      attachments: [],
      mentions: [ben],
    };
    expect(readExported(old)).toMatchObject({ nick: 'ada', by: '5', content: { text: { plain: 'hi @ben' } } });
  });

  test.each([
    undefined,
    3,
    {},
    { id: '1' },
    exportedMessage(at, 'x', { id: 'x' }),
    exportedMessage(at, 'x', { timestamp: 'never' }),
  ])('is none: %j', (value) => expect(readExported(value)).toBeUndefined());
});
