/** What Discord writes between angle brackets: people, roles, channels, commands, times, emoji, places of a guild. */
import { type Mark, personId } from '#bridge';
import { roomOf } from '../../addresses.ts';
import type { Names } from '../names.ts';
import { momentText } from './moments.ts';
import { emojiUrl } from './syntax.ts';

export interface Angle {
  readonly text: string;
  /** Over all of the text. */
  readonly mark?: MarkKind;
  readonly end: number;
}

type WithoutRange<M> = M extends Mark ? Omit<M, 'from' | 'to'> : never;
/** A mark that is not yet anywhere. */
export type MarkKind = WithoutRange<Mark>;

const form =
  /<(?:@!?(?<person>\d{1,20})|@&(?<role>\d{1,20})|#(?<room>\d{1,20})|(?<animated>a?):(?<emoji>\w{2,32}):(?<id>\d{1,20})|t:(?<time>-?\d{1,14})(?::(?<style>[tTdDfFRsS]))?|\/(?<command>[^<>:\n]{1,100}):\d{1,20}|id:(?<place>customize|browse|guide|home|linked-roles)(?::\d{1,20})?)>/y;

const places: Readonly<Record<string, string>> = {
  customize: 'Channels & Roles',
  browse: 'Browse Channels',
  guide: 'Server Guide',
  home: 'Server Guide',
  'linked-roles': 'Linked Roles',
};

/** What the bracket at `at` stands for; undefined: for itself, or for something whose name is not known. */
export function angleAt(text: string, at: number, names: Names): Angle | undefined {
  form.lastIndex = at;
  const { groups } = form.exec(text) ?? {};
  if (groups === undefined) return undefined;
  const end = form.lastIndex;
  const { person, role, room, emoji, animated, id, time, style, command, place } = groups;
  if (person !== undefined) {
    const name = names.person(person);
    return name === undefined
      ? undefined
      : { text: `@${name}`, mark: { is: 'mention', person: personId(person) }, end };
  }
  if (role !== undefined) return named('@', names.role(role), end);
  if (room !== undefined) {
    const name = names.room(room);
    if (name === undefined) return undefined;
    return names.isRoom(room)
      ? { text: `#${name}`, mark: { is: 'room', chat: roomOf(room) }, end }
      : { text: `#${name}`, end };
  }
  if (emoji !== undefined && id !== undefined)
    return { text: `:${emoji}:`, mark: { is: 'image', src: emojiUrl(id, animated === 'a') }, end };
  if (time !== undefined) return named('', momentText(Number(time), style), end);
  if (command !== undefined) return named('/', command, end);
  return named('', place === undefined ? undefined : places[place], end);
}

const named = (sign: string, name: string | undefined, end: number): Angle | undefined =>
  name === undefined ? undefined : { text: sign + name, end };
