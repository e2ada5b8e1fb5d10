/** Lines that are about messages and are none: TAGMSG (who is writing, reactions), REDACT, MARKREAD. */
import { messageId } from '#bridge';
import { type Core, isMe, personOf } from './core.ts';
import { placeOf, replyTagOf } from './inbound.ts';
import { atOf, isFromServer, reasonOf } from './line-facts.ts';
import type { Line } from './wire/line.ts';

const longestReaction = 64;

/** Our own coming back say nothing new. */
export function onTagmsg(core: Core, line: Line): void {
  if (line.tags === undefined || isMe(core, line.nick) || isFromServer(line)) return;
  const place = placeOf(core, line.nick, line.params[0] ?? '');
  if (place === undefined) return;
  const typing = line.tags.get('+typing');
  if (typing !== undefined) core.typing.heard(place.chat, place.by, typing);
  const target = replyTagOf(line);
  if (target === undefined) return;
  for (const [tag, present] of [
    ['+draft/react', true],
    ['+draft/unreact', false],
  ] as const) {
    const emoji = line.tags.get(tag) ?? '';
    if (emoji === '' || emoji.length > longestReaction) continue;
    core.emit({ kind: 'reaction', at: atOf(core, line), chat: place.chat, by: place.by, target, emoji, present });
  }
}

/** REDACT target msgid [reason]: by who wrote it or by somebody who may. The server has checked that. */
export function onRedact(core: Core, line: Line): void {
  const [target = '', id = '', reason] = line.params;
  const isOurs = isMe(core, line.nick);
  const place = placeOf(core, isOurs && !isMe(core, target) ? target : line.nick, target);
  if (place === undefined || id === '') return;
  const { chat } = place;
  const ref = { id: messageId(id), part: 0 };
  const by = isFromServer(line) ? personOf(core, line.source) : personOf(core, line.nick);
  core.emit({ kind: 'retracted', at: atOf(core, line), chat, by, target: ref, ...reasonOf(reason) });
}

/** MARKREAD target timestamp=…: up to where our user has read, here or with another client of theirs. */
export function onMarkRead(core: Core, line: Line): void {
  const [target = '', stamp = ''] = line.params;
  const at = Date.parse(stamp.replace(/^timestamp=/, ''));
  const folded = core.fold(target);
  if (!Number.isNaN(at) && at > (core.readUpTo.get(folded) ?? 0)) core.readUpTo.put(folded, at);
}
