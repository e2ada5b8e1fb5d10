/** What AutoMod tells a guild's moderators: whose words met which rule, where, and what they were. */
import type { APIMessage } from 'discord.js';
import { plainText } from '#bridge';
import { joined, quoted } from './markdown/pieces.ts';
import type { Names } from './names.ts';
import { readTexts, type Section } from './reading.ts';

/** @param who the author of what was found, who is the alert's too. The words are the description of its embed, the rest its fields. */
export function readAlert({ embeds = [] }: Pick<APIMessage, 'embeds'>, who: string, names: Names): Section {
  const [{ description, fields = [] } = {}] = embeds;
  const of = (name: string): string | undefined => fields.find((field) => field.name === name)?.value;
  const [rule, channel] = [of('rule_name'), of('channel_id')];
  const room = channel === undefined ? undefined : names.room(channel);
  const found = channel === undefined && rule !== undefined ? `about ${who}` : `in a message of ${who}`;
  const where = room === undefined ? '' : ` in #${room}`;
  const said = `AutoMod found something ${found}${where}${rule === undefined ? '' : ` (rule “${rule}”)`}`;
  const words = readTexts(description, names);
  return words.length === 0
    ? { texts: [plainText(said)], files: [] }
    : { texts: [plainText(`${said}:`), quoted(joined(words))], files: [] };
}
