/** Exports as DiscordChatExporter writes them (its JSON format, indented by two), made up. */

/** Ids as Discord makes them, of that time and so many in its millisecond. */
export const snowflake = (at: number, count = 0): string =>
  ((BigInt(at - 1_420_070_400_000) << 22n) | BigInt(count)).toString();

const roles = [{ id: '800000000000000001', name: 'Crew', color: '#3498DB', position: 3 }];

export const exportedUser = (id: string, name: string, more: object = {}) => ({
  id,
  name,
  discriminator: '0000',
  nickname: name,
  color: null,
  isBot: false,
  roles,
  avatarUrl: 'https://cdn.discordapp.com/embed/avatars/0.png',
  ...more,
});

export const ada = exportedUser('100000000000000001', 'ada', { nickname: 'Ada' });
export const ben = exportedUser('100000000000000002', 'ben');

/** With everything that the exporter writes of every message. */
export const exportedMessage = (at: number, content: string, more: object = {}) => ({
  id: snowflake(at),
  type: 'Default',
  timestamp: new Date(at).toISOString().replace('Z', '+00:00'),
  timestampEdited: null,
  callEndedTimestamp: null,
  isPinned: false,
  content,
  author: ada,
  attachments: [],
  components: [],
  embeds: [],
  stickers: [],
  reactions: [],
  mentions: [],
  inlineEmojis: [],
  ...more,
});

export const channelId = '900000000000000005';

/** The document, with those messages. */
export const exported = (messages: readonly object[], more: object = {}) => ({
  guild: { id: '700000000000000001', name: 'Verona', iconUrl: 'https://cdn.discordapp.com/icons/1/a.png' },
  channel: {
    id: channelId,
    type: 'GuildTextChat',
    categoryId: '600000000000000001',
    category: 'Talk',
    name: 'balcony',
    topic: 'Say "messages": [ { } ] here',
  },
  dateRange: { after: null, before: null },
  exportedAt: '2026-01-02T03:04:05.0000000+00:00',
  messages,
  messageCount: messages.length,
  ...more,
});

/** As the file has it. */
export const exportText = (messages: readonly object[], more: object = {}): string =>
  JSON.stringify(exported(messages, more), null, 2);
