/** Somebody's picture, for a question about it: what they are known to wear, else what the network says when it is asked. */
import type { PersonCard } from '../../bridge/contract.ts';
import type { PersonId } from '../../core/ids.ts';
import type { PictureRow } from '../../storage/avatar-ports.ts';
import type { Asking } from '../face.ts';

/** undefined: they have none. @param card what the network has said of them already */
export async function pictureIn(
  { session, pictureOf, signal }: Pick<Asking, 'session' | 'pictureOf' | 'signal'>,
  person: PersonId,
  card?: PersonCard,
): Promise<PictureRow | undefined> {
  if (session?.avatars === undefined) return undefined;
  return pictureOf?.(person, async () => (card ?? (await session.people?.about?.(person, signal)))?.avatar);
}
