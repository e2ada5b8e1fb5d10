/** The laws of networks whose people have pictures; where there are none, they hold. */
import { GatewayError } from '../../core/errors.ts';
import type { NetworkEvent } from '../../core/event.ts';
import { type PersonId, personId } from '../../core/ids.ts';
import { fitPicture } from '../../core/picture.ts';
import { ensure, type Law, live, loggedIn, refused, until, within } from './laws.ts';

/** Who wears which picture, by what was told last of anybody but us. */
function wornIn(events: readonly NetworkEvent[], me: PersonId): { person: PersonId; avatar: string } | undefined {
  const changes = events.flatMap((event) => (event.kind === 'members' ? event.changes : []));
  for (const change of changes.toReversed()) {
    if (change.is === 'in' && change.member.person !== me && change.member.avatar !== undefined)
      return { person: change.member.person, avatar: change.member.avatar };
    if (change.is === 'facts' && change.person !== me && typeof change.facts.avatar === 'string')
      return { person: change.person, avatar: change.facts.avatar };
  }
  return undefined;
}

/** All of them. */
export const pictureLaws: readonly Law[] = [
  {
    name: 'a picture has a name by which its bytes can be fetched, another one another name, and nowhere is none',
    check: (subject) =>
      loggedIn(subject, 'kitlook', async ({ session, events, enter }) => {
        const { avatars } = session;
        const { wears } = subject.other;
        if (avatars === undefined || wears === undefined) return;
        await enter();
        const names = new Set<string>();
        for (let n = 0; n < 2; n++) {
          const bytes = await wears();
          const worn = () => wornIn(events, session.me);
          await until(subject, 'seeing the picture', () => {
            const now = worn();
            return now !== undefined && !names.has(now.avatar);
          });
          const { person = personId(''), avatar = '' } = worn() ?? {};
          names.add(avatar);
          const picture = await within(subject, 'fetch', avatars.fetch(avatar, person, live()));
          ensure(picture !== undefined && fitPicture(picture) !== undefined, 'it is a picture that can be shown');
          ensure(Buffer.from(bytes).equals(picture.bytes), 'it is what they wear');
        }
        const none = avatars.fetch('kitnopicture', personId('other'), live());
        ensure((await within(subject, 'fetch', none)) === undefined, 'no picture is called so');
        const over = AbortSignal.abort(new GatewayError('timed-out'));
        const fetching = avatars.fetch([...names][0] ?? '', personId('other'), over);
        await refused('a fetch that was given up', within(subject, 'fetch', fetching));
      }),
  },
];
