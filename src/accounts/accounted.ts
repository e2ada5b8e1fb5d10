/** Which messages of ours on a network are accounted for: what was lost of one try is looked for among the others (src/design/sent-once.md). */
import type { AccountId, ChatId, MessageRef } from '../core/ids.ts';
import type { Origin } from '../core/intent.ts';
import type { Archive } from '../storage/ports.ts';

/** The network's clock and ours. */
const apartMs = 60_000;

/** For one intent: they came of another one. What the archive has of this one itself, told before the kill and not settled, is not. */
export function accountedFor(
  archive: Pick<Archive, 'known' | 'find'>,
  account: AccountId,
  chat: ChatId,
  { stanzaId, at }: Pick<Origin, 'stanzaId' | 'at'>,
): (refs: readonly MessageRef[]) => Promise<readonly boolean[]> {
  return async (refs) => {
    const known = await archive.known(account, chat, refs);
    if (stanzaId === undefined || !known.includes(true)) return known;
    const own = await archive.find(account, chat, { stanza: stanzaId });
    if (own === undefined || own.at < at - apartMs) return known;
    const isOwn = ({ id, part }: MessageRef): boolean =>
      own.refs?.some((one) => one.id === id && one.part === part) === true;
    return refs.map((ref, n) => known[n] === true && !isOwn(ref));
  };
}
