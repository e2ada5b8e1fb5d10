/** What is left in the archive of messages that were retracted (XEP-0424 §4, XEP-0425 §4; CHECKLIST 424-04, 425-04): the retraction stays as a row of its own. */
import type { ArchiveRow } from '../../storage/ports.ts';
import { revive, xml } from '../../xml/writer.ts';

/** As `retractions.ts` writes them, at the beginning of the stanza: who moderated, and why. */
const retraction = /^<retract xmlns='urn:xmpp:message-retract:1' id='[^']*'(?:\/>|>(.*?)<\/retract>)/s;

/** Has this row words that go when the message is taken back? */
const speaks = ({ kind }: ArchiveRow): boolean => kind === undefined || kind === 'message' || kind === 'edit';

/** The row without the words that were taken back, naming the retraction by its stanza's `id`; undefined where there is nothing to take away. */
export function buried(row: ArchiveRow, { id, stanza = id, at, body: why }: ArchiveRow): ArchiveRow | undefined {
  if (!speaks(row)) return undefined;
  const [, inside = ''] = retraction.exec(why) ?? [];
  const ids = row.body.lastIndexOf('<occupant-id ');
  const kept = revive(ids < 0 ? '' : row.body.slice(ids));
  const stamp = new Date(at).toISOString();
  const stone = xml`<retracted xmlns='urn:xmpp:message-retract:1' id=${stanza} stamp=${stamp}>${revive(inside)}</retracted>${kept}`;
  return { ...row, kind: 'tombstone', body: stone.text };
}
