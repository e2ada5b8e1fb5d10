/** Which of IRCv3's drafts about messages are in force: what a session can do is what the server has taken (DESIGN.md §1.9). */
import { isMadeUp, type MessageId, type MessageRef, messageId } from '#bridge';
import type { Core } from './core.ts';
import { writeTags } from './wire/tags.ts';

/** May that client-only tag (without its '+') be sent? Servers name those that they drop in CLIENTTAGDENY (message-tags). */
export function canTag(core: Core, tag: string): boolean {
  if (core.link?.has('message-tags') !== true) return false;
  const { clientTagDeny } = core.support;
  return clientTagDeny.includes('*') ? clientTagDeny.includes(`-${tag}`) : !clientTagDeny.includes(tag);
}

/** Servers pass the tag on under its draft's name or under both; clients read either. */
export const canReply = (core: Core): boolean => canTag(core, 'draft/reply') || canTag(core, 'reply');

/** The tags that say what is answered. */
export function replyTags(core: Core, { id }: MessageRef): readonly (readonly [string, string])[] {
  const names = ['draft/reply', 'reply'].filter((name) => canTag(core, name));
  return names.map((name) => [`+${name}`, id] as const);
}

/** A line with tags, or without where there are none. */
export function tagged(tags: readonly (readonly [string, string])[], line: string): string {
  return tags.length === 0 ? line : `@${writeTags(tags)} ${line}`;
}

/** May the server be asked for what was said? A bouncer may have no `message-tags` because the server behind it has none, and yet tell times. */
export const hasHistory = ({ link }: Pick<Core, 'link'>): boolean =>
  link?.has('draft/chathistory') === true && link.has('batch') && (link.has('server-time') || link.has('message-tags'));

/** For a message that the server does not name. */
export const localId = (core: Pick<Core, 'newName'>): MessageId => messageId(core.newName());

/** Can the server know what is meant? Ids that it gave are passed back as they are; no tag takes longer ones. */
export const isNamed = (ref: MessageRef): boolean =>
  !isMadeUp(ref) && ref.id.length <= 256 && !/[\0\r\n ]/.test(ref.id);
