/** Changing a room's options: of what a form asks for, only what is different is asked of the network. */
import type { RoomOptions, Rooms } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { DurableIntent } from '../core/intent.ts';

type Change = Extract<DurableIntent, { kind: 'options' }>;

const texts = ['name', 'topic', 'password'] as const;
const flags = ['isModerated', 'isMembersOnly', 'isPublic', 'noOutsideMessages', 'topicByModeratorsOnly'] as const;

/** The part of it that is an option, of the right type, and other than it is now. Without `now` all of it; a password to remove may be one that we are not shown. */
export function differing(change: Change['change'], now: RoomOptions | undefined): RoomOptions {
  const differs: { -readonly [Name in keyof RoomOptions]: RoomOptions[Name] } = {};
  for (const name of texts) {
    const value = change[name];
    const hidden = name === 'password' && value === '';
    if (typeof value === 'string' && (hidden || value !== now?.[name])) differs[name] = value;
  }
  for (const name of flags) {
    const value = change[name];
    if (typeof value === 'boolean' && value !== now?.[name]) differs[name] = value;
  }
  const { maxMembers } = change;
  if (typeof maxMembers === 'number' && maxMembers !== now?.maxMembers) differs.maxMembers = maxMembers;
  return differs;
}

/** Resolves when the network has confirmed. */
export async function changeOptions(rooms: Rooms, { chat, change }: Change, signal: AbortSignal): Promise<void> {
  if (rooms.setOptions === undefined) {
    throw new GatewayError('network-cannot', { text: 'Rooms can not be configured on this network' });
  }
  const differs = differing(change, await rooms.options?.(chat, signal));
  if (Object.keys(differs).length > 0) await rooms.setOptions(chat, differs, signal);
}
