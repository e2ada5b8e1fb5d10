/** Lines that are about messages and are none: TAGMSG (who is writing, reactions), REDACT, MARKREAD. */
import { chatId, messageId, personId } from '#bridge';
import { addressOf } from './addressed.ts';
import { type Core, isMe, personOf } from './core.ts';
import { freshMs, type Place, placeOf, replyTagOf } from './inbound.ts';
import { atOf, isChannelHere, isFromServer, reasonOf } from './line-facts.ts';
import { isNick } from './names.ts';
import type { Line } from './wire/line.ts';

const longestReaction = 64;

/** What our own say that come back is nothing new, but for those that another client of the same bouncer has sent. */
export function onTagmsg(core: Core, line: Line): void {
  if (line.tags === undefined || isFromServer(line)) return;
  const isOwn = isMe(core, line.nick);
  const isKnown = isOwn && !isFromElsewhere(core, line);
  const to = line.params[0] ?? '';
  const place = isOwn ? ownPlace(core, line.nick, to) : placeOf(core, personOf(core, line.nick), to);
  if (place === undefined) return;
  const typing = line.tags.get('+typing');
  if (typing !== undefined && !isOwn) core.typing.heard(place.chat, place.by, typing);
  const target = replyTagOf(line);
  if (target === undefined) return;
  for (const [tag, present] of [
    ['+draft/react', true],
    ['+draft/unreact', false],
  ] as const) {
    const emoji = line.tags.get(tag) ?? '';
    if (emoji === '' || emoji.length > longestReaction) continue;
    const reaction = { kind: 'reaction', chat: place.chat, by: place.by, target, emoji } as const;
    const id = line.tags.get('msgid') ?? '';
    if (present && id !== '') core.reactions.put(id, reaction);
    if (!isKnown) core.emit({ ...reaction, at: atOf(core, line), present });
  }
}

/** Ours have labels, and come back with them. What is played back happened before. */
function isFromElsewhere(core: Core, line: Line): boolean {
  if (core.link?.has('labeled-response') !== true || core.batches.labelOf(line) !== undefined) return false;
  return atOf(core, line).getTime() >= core.clock.now() - freshMs;
}

/** A conversation is named by the other. */
function ownPlace(core: Core, me: string, target: string): Place | undefined {
  const isChannel = isChannelHere(core, target);
  const place =
    isChannel || isNick(target) ? placeOf(core, personOf(core, isChannel ? me : target), target) : undefined;
  return place && { ...place, by: personOf(core, me) };
}

/** REDACT target msgid [reason], of a message or a reaction: by who wrote it or by somebody who may. The server has checked that. */
export function onRedact(core: Core, line: Line): void {
  const [target = '', id = '', reason] = line.params;
  const isOurs = isMe(core, line.nick);
  const place = placeOf(core, personOf(core, isOurs && !isMe(core, target) ? target : line.nick), target);
  if (place === undefined || id === '') return;
  const { chat } = place;
  const reaction = core.reactions.get(id);
  if (reaction !== undefined) {
    core.reactions.delete(id);
    if (reaction.chat === chat) core.emit({ ...reaction, at: atOf(core, line), present: false });
    return;
  }
  const ref = { id: messageId(id), part: 0 };
  const by = isFromServer(line) ? personOf(core, line.source) : isOurs ? core.self : place.by;
  core.emit({ kind: 'retracted', at: atOf(core, line), chat, by, target: ref, ...reasonOf(reason) });
}

/** MARKREAD target timestamp=…: up to where our user has read, here or with another client of theirs. */
export function onMarkRead(core: Core, line: Line): void {
  const [target = '', stamp = ''] = line.params;
  const at = Date.parse(stamp.replace(/^timestamp=/, ''));
  const folded = core.fold(target);
  if (Number.isNaN(at) || at <= (core.readUpTo.get(folded) ?? 0)) return;
  core.readUpTo.put(folded, at);
  const last = core.lastSaid.get(folded);
  if (last === undefined || last.at > at) return;
  const now = new Date(core.clock.now());
  const chat = chatId(addressOf(core, personId(folded)));
  core.emit({ kind: 'read', at: now, chat, by: core.self, upTo: last.ref });
}
