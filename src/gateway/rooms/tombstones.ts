/** What is left of retracted messages in a room's past (XEP-0424 §5.2, XEP-0425 §5; CHECKLIST 424-04, 425-04): the retraction comes later in the same past. */
import { revive, xml } from '../../xml/writer.ts';
import type { Said } from './room.ts';

/** As `retractions.ts` writes them, at the beginning of the stanza. */
const retraction = /^<retract xmlns='urn:xmpp:message-retract:1' id='([^']*)'(?:\/>|>(.*?)<\/retract>)/s;

interface Retraction {
  readonly id: string;
  readonly at: number;
  /** Who moderated, and why. */
  readonly inside: string;
}

/** The same past without the words that were taken back. */
export function buried(past: readonly Said[]): readonly Said[] {
  const gone = new Map<string, Retraction>();
  for (const { body, stanzaId, at } of past) {
    const [found, name, inside = ''] = retraction.exec(body.text) ?? [];
    if (found !== undefined && name !== undefined) gone.set(name, { id: stanzaId, at, inside });
  }
  if (gone.size === 0) return past;
  return past.map((said) => {
    const why = gone.get(said.stanzaId);
    return why === undefined ? said : tombstone(said, why);
  });
}

function tombstone(said: Said, { id, at, inside }: Retraction): Said {
  const ids = said.body.text.lastIndexOf('<occupant-id ');
  const stamp = new Date(at).toISOString();
  const kept = revive(ids < 0 ? '' : said.body.text.slice(ids));
  const body = xml`<retracted xmlns='urn:xmpp:message-retract:1' id=${id} stamp=${stamp}>${revive(inside)}</retracted>${kept}`;
  return { ...said, body };
}
