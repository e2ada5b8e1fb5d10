/** Whether somebody is among those whom the owner has blocked (CHECKLIST 191). */
import type { PersonId } from '../../core/ids.ts';
import type { FaceState } from '../rooms/feature.ts';

/** Who that is on the network, whichever of their addresses it is; where none is connected, the address alone is known. */
export const knownBy = ({ session }: Pick<FaceState, 'session'>, person: PersonId): PersonId =>
  session?.canonical?.(person) ?? person;

/** By whichever of their addresses it was. */
export const isBlocked = (face: Pick<FaceState, 'blocked' | 'session'>, person: PersonId): boolean =>
  face.blocked.size > 0 && (face.blocked.has(person) || face.blocked.has(knownBy(face, person)));
