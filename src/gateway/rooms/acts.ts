/**
 * What a moderator's wish comes to as things are when it is tried (CHECKLIST 45-63, 45-71): whom it means, and what they are to have in the end. What is so
 * already is left out; an affiliation taken from somebody who is not here ends a ban.
 */
import type { Act } from '../../bridge/contract.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Power } from '../../core/event.ts';
import { type PersonId, personId } from '../../core/ids.ts';
import type { DurableIntent, Target } from '../../core/intent.ts';
import type { Occupant, Room } from './room.ts';

/** Least to most. */
const ranks: readonly Power[] = ['visitor', 'participant', 'voiced', 'helper', 'moderator', 'admin', 'owner'];

function occupantOf(room: Room, { nick, person }: Target): Occupant | undefined {
  if (nick !== undefined) return room.people.called(nick);
  return person === undefined ? undefined : (room.people.of(person) ?? room.people.called(person));
}

/** In a moderated room the right to speak is a rank of its own. */
function powerFor(room: Room, { power = 'participant', alsoFine = [] }: Target): Power {
  const speaks = power === 'participant' && alsoFine.includes('voiced');
  return speaks && room.settings.isModerated === true ? 'voiced' : power;
}

const nobody = (nick: string | undefined): GatewayError =>
  new GatewayError('no-such-person', {
    text: nick === undefined ? 'They are not here' : `Nobody here is called ${nick}`,
  });

/** 45-73: what would take one's own place or rank away. */
function checkNotMyself(room: Room, occupant: Occupant, { action }: Target, power: Power): void {
  if (occupant !== room.me) return;
  const loses = action === 'power' && ranks.indexOf(power) < ranks.indexOf(occupant.power);
  if (loses || action === 'kick' || action === 'ban') throw new GatewayError('yourself', { text: 'This is yourself' });
}

function actOn(room: Room, target: Target, reason: string | undefined): Act | undefined {
  const { action, nick, alsoFine = [] } = target;
  const occupant = occupantOf(room, target);
  const because = reason === undefined ? {} : { reason };
  if (occupant === undefined) {
    const person: PersonId | undefined = target.person ?? (nick === undefined ? undefined : personId(nick));
    const outside = action === 'ban' || (action === 'unban' && target.person !== undefined);
    if (person === undefined || !outside) throw nobody(nick);
    return { person, action, ...because };
  }
  const { person } = occupant;
  const power = action === 'unban' ? 'participant' : powerFor(room, target);
  checkNotMyself(room, occupant, action === 'unban' ? { action: 'power' } : target, power);
  if (action === 'kick' || action === 'ban') return { person, action, ...because };
  const fine: readonly Power[] = action === 'unban' ? ['visitor'] : alsoFine;
  if (occupant.power !== power && !fine.includes(occupant.power)) return { person, action: 'power', power, ...because };
  // Somebody in the room may be banned as well: it keeps them silent, or from coming back.
  return action === 'unban' && occupant !== room.me ? { person, action, ...because } : undefined;
}

/** All or nothing: throws the first GatewayError due, and nothing of the rest is tried. */
export function actsIn(room: Room, { targets, reason }: Extract<DurableIntent, { kind: 'moderate' }>): readonly Act[] {
  return targets.flatMap((target) => actOn(room, target, target.reason ?? reason) ?? []);
}
