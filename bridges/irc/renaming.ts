/** A channel gets another name (draft/channel-rename): for its people the old room is over and they are asked into the new one, in which we are already. */
import { chatId, plainText } from '#bridge';
import { titleOn } from './addresses.ts';
import type { Channel } from './channel.ts';
import { type Core, personOf } from './core.ts';
import { atOf, isChannelHere, isFromServer, reasonOf } from './line-facts.ts';
import { isChannelName } from './names.ts';
import type { Line } from './wire/line.ts';

/** RENAME old new :reason. */
export function onRename(core: Core, line: Line): void {
  const [before = '', after = '', reason] = line.params;
  const channel = core.channels.get(core.fold(before));
  if (channel === undefined || !isChannelName(after) || !isChannelHere(core, after)) return;
  const at = atOf(core, line);
  const folded = core.fold(after);
  if (folded === channel.folded) {
    channel.name = after;
    if (channel.asked)
      core.emit({ kind: 'room', at, chat: channel.chat, change: { name: titleOn(after, core.server.name) } });
    return;
  }
  const renamed: Channel = { ...channel, folded, chat: chatId(folded), name: after, asked: false };
  core.channels.delete(channel.folded);
  core.channels.set(folded, renamed);
  if (!channel.asked) return;
  const by = line.nick;
  const text = plainText(`This channel is now called ${after}.`);
  core.emit({ kind: 'remark', at, chat: channel.chat, text });
  core.emit({ kind: 'removed', at, chat: channel.chat, how: 'gone', by, reason: text.plain, to: renamed.chat });
  const person = isFromServer(line) ? undefined : personOf(core, by);
  core.emit({
    kind: 'invited',
    at,
    chat: renamed.chat,
    by,
    ...(person !== undefined && { person }),
    ...reasonOf(reason),
    ...(channel.key !== undefined && { password: channel.key }),
  });
}
