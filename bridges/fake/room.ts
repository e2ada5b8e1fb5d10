/** What a room of the fake network knows and allows. */
import {
  GatewayError,
  type Listed,
  type Member,
  type MessageEvent,
  type PersonId,
  type Power,
  type Room,
  type RoomOptions,
} from '#bridge';

export interface FakeRoom {
  topic: string;
  options: RoomOptions;
  readonly members: Map<PersonId, Member>;
  readonly bans: Map<string, Listed>;
  /** Let in whatever else says no. */
  readonly invited: Set<PersonId>;
  /** Oldest first, the last thousands. */
  readonly past: MessageEvent[];
}

/** As rooms are when the first one comes in. Every property that is there can be set. */
export const createRoom = (): FakeRoom => ({
  topic: '',
  options: {
    isModerated: false,
    isMembersOnly: false,
    isPublic: true,
    topicByModeratorsOnly: false,
    password: '',
    maxMembers: 0,
  },
  members: new Map(),
  bans: new Map(),
  invited: new Set(),
  past: [],
});

/** Of the options, what is told to everybody: not the password. */
export function hears({ topic: _topic, name: _name, password = '', ...options }: RoomOptions): Partial<Room> {
  return { ...options, hasPassword: password !== '' };
}

const ranks: readonly Power[] = ['visitor', 'participant', 'voiced', 'helper', 'moderator', 'admin', 'owner'];

/** May somebody of that rank decide over others? */
export const mayManage = (power: Power): boolean => ranks.indexOf(power) >= ranks.indexOf('moderator');

const refused = (text: string): GatewayError => new GatewayError('not-allowed-there', { text });

/** Throws where that person may not come in. */
export function admit({ options, members, bans, invited }: FakeRoom, person: PersonId, password = ''): void {
  if (bans.has(person)) throw new GatewayError('banned', { text: 'You are banned here' });
  if (invited.has(person)) return;
  if (options.isMembersOnly === true) throw new GatewayError('members-only', { text: 'By invitation only' });
  if (options.password && options.password !== password) throw new GatewayError('wrong-password');
  if (options.maxMembers && members.size >= options.maxMembers) throw new GatewayError('room-full');
}

/** Throws where they have no voice. */
export function maySpeak({ options }: FakeRoom, { power }: Member): void {
  const isHeard = options.isModerated === true ? ranks.indexOf(power) >= ranks.indexOf('voiced') : power !== 'visitor';
  if (!isHeard) throw refused('You have no voice here');
}

/** Throws where the topic is not theirs to set. */
export function maySetTopic({ options }: FakeRoom, { power }: Member): void {
  if (options.topicByModeratorsOnly === true && !mayManage(power)) throw refused('Only moderators set the topic here');
}

/** A room without moderators is everybody's. */
export const isAnybodys = ({ members }: FakeRoom): boolean =>
  ![...members.values()].some((one) => mayManage(one.power));

/** Throws where the room is not theirs to change. */
export function mayOptions(room: FakeRoom, { power }: Member): void {
  if (!isAnybodys(room) && !mayManage(power)) throw refused('Only moderators change this room');
}
