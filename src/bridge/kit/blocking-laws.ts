/** The laws of networks that can keep somebody off (`Session.blocks`); where they can't, they hold. */
import { personId } from '../../core/ids.ts';
import { type Law, loggedIn, until, within } from './laws.ts';

/** All of them. */
export const blockingLaws: readonly Law[] = [
  {
    name: 'whoever is blocked reaches us no more, until they are not; said twice it is the same',
    check: (subject) =>
      loggedIn(subject, 'kitblock', async ({ session, events }) => {
        const { blocks } = session;
        const { whispers } = subject.other;
        if (blocks === undefined || whispers === undefined) return;
        const heard = (): readonly string[] =>
          events.flatMap((event) => (event.kind === 'message' ? [event.content.text?.plain ?? ''] : []));
        await whispers(session.me, 'before');
        await until(subject, 'hearing who is not blocked', () => heard().includes('before'));
        const person = events.flatMap((event) => (event.kind === 'message' ? [event.by] : []))[0] ?? personId('');
        for (let n = 0; n < 2; n++) await within(subject, 'block', blocks.block(person));
        await whispers(session.me, 'meanwhile');
        for (let n = 0; n < 2; n++) await within(subject, 'unblock', blocks.unblock(person));
        await whispers(session.me, 'after');
        await until(subject, 'hearing who is not blocked any more', () => heard().includes('after'));
        if (heard().includes('meanwhile')) throw new Error('who is blocked is heard');
      }),
  },
];
