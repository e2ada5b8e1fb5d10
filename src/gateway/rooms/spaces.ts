/** The space that a room is in (XEP-0503 §5.5, CHECKLIST 503-01): its node is answered by decode/groups.ts. */
import { nodeAddress, parentField, parentForm, SPACES } from '../../xmpp/xep/0503-spaces.ts';
import type { FaceState, RoomFeature } from './feature.ts';
import type { Room } from './room.ts';

/** undefined: the room is in none, or nobody tells which there are. */
function spaceOf({ context, session }: FaceState, { settings: { group } }: Room): string | undefined {
  if (group === undefined || session?.rooms.outline === undefined) return undefined;
  const { account, addresses, domain } = context;
  const local = account.on === undefined ? '' : addresses.format({ is: 'service', on: account.on });
  return nodeAddress(local, domain, group);
}

/** Said in discovery only. */
export const spaces: RoomFeature = {
  features: (face, room) => (spaceOf(face, room) === undefined ? [] : [SPACES]),
  info(face, room) {
    const space = spaceOf(face, room);
    return space === undefined ? [] : [parentField(space)];
  },
  forms(face, room) {
    const space = spaceOf(face, room);
    return space === undefined ? [] : [parentForm(space)];
  },
};
