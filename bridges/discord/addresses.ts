/** Channels and threads are `#<id>`, people `<id>`: names change, and are several people's. Speakers of webhooks have the webhook's id and their name. */
import { type Addresses, type ChatId, chatId, personId, plainAddresses } from '#bridge';

/** Of Discord's ids: no zero in front, or one id would have several addresses. */
const snowflake = /^[1-9]\d{0,19}$/;
const webhookSpeaker = /^([1-9]\d{0,19}):(.{1,80})$/su;

/** Is it an id of Discord's? */
export const isSnowflake = (text: string): boolean => snowflake.test(text);

/** The chat of a channel or a thread. */
export const roomOf = (channel: string): ChatId => chatId(`#${channel}`);

/** The channel or thread; undefined: it is a conversation of two. */
export const channelOf = (chat: ChatId): string | undefined => (chat.startsWith('#') ? chat.slice(1) : undefined);

/** Characters of a speaker's name, which Discord counts as code points. */
const longestName = 80;

/** Whoever speaks by a webhook under that name: nobody can write to them. */
export const speakerOf = (webhook: string, name: string) =>
  personId(`${webhook}:${[...name].slice(0, longestName).join('')}`);

export const addresses: Addresses = plainAddresses({
  network: 'Discord',
  isRoom: isSnowflake,
  isPerson: (id) => isSnowflake(id) || webhookSpeaker.test(id),
  exampleRoom: roomOf('123456789012345678'),
});
