/** One channel as we see it: who is in it with which ranks, its topic, the modes that matter. */
import { type ChatId, chatId, type Member, type MemberChange, type Power, type Room, sparseMap } from '#bridge';
import { titleOn } from './addresses.ts';
import type { Core } from './core.ts';
import type { ChannelMember } from './shared-members.ts';
import type { Past } from './wholes.ts';

export interface Channel {
  /** Its name in the form that is equal for all spellings. */
  readonly folded: string;
  /** As whoever joined it named it: events name it so, in whatever case the server spells it. */
  chat: ChatId;
  /** As the server spells it. */
  name: string;
  /** By PersonId. */
  members: Map<string, ChannelMember>;
  /** The list of members is coming (353); nothing is told until it is whole (366). */
  listing: boolean;
  /** We are in it on this connection. */
  joined: boolean;
  /** Since when, by the server's clock; undefined: it has not told a time. */
  since: number | undefined;
  /** Nobody waited for the JOIN that led here: our PART is on its way. */
  leaving: boolean;
  /** Its owner asked for it; otherwise the server put us there, and nobody is told of it. */
  asked: boolean;
  /** Played back before it was asked for. */
  past: Past | undefined;
  key: string | undefined;
  topic: string;
  topicBy: string;
  topicAt: number;
  /** The address of its page that was told last. */
  page: string;
  /** Letter → argument or ''; neither ranks nor lists. The flags below follow from it. */
  modes: Map<string, string>;
  moderated: boolean;
  inviteOnly: boolean;
  keyed: boolean;
  hidden: boolean;
  /** It refuses formatting codes, or takes them out (+c). */
  plainOnly: boolean;
  /** Bans set while we looked on, with when: a kick behind one is a ban. */
  readonly bans: Map<string, number>;
  /** The masks that we set ourselves, by PersonId, so that a ban can be lifted by the nick. */
  readonly ownBans: Map<string, string>;
}

export function createChannel(core: Core, name: string): Channel {
  const folded = core.fold(name);
  return {
    folded,
    chat: chatId(folded),
    name,
    members: new Map(),
    listing: false,
    joined: false,
    since: undefined,
    leaving: false,
    asked: false,
    past: undefined,
    key: undefined,
    topic: '',
    topicBy: '',
    topicAt: 0,
    page: '',
    modes: sparseMap(),
    moderated: false,
    inviteOnly: false,
    keyed: false,
    hidden: false,
    plainOnly: false,
    bans: sparseMap(),
    ownBans: sparseMap(),
  };
}

/** Is anybody to be told of what happens in this channel now? */
export const isTold = (channel: Channel): boolean => channel.asked && !channel.listing;

const powerOf: Readonly<Record<string, Power>> = {
  q: 'owner',
  a: 'admin',
  o: 'moderator',
  h: 'helper',
  v: 'voiced',
};

/** The mapping of ranks (CHECKLIST 45-63): q owner, a admin, o moderator, h helper, v voiced; none is participant, in a moderated channel visitor. */
export function powerIn(core: Core, channel: Channel, member: ChannelMember): Power {
  if (member.ranks !== '') {
    let aboveOp = true;
    let own = false;
    for (const { mode } of core.support.prefixes) {
      if (mode === 'o') aboveOp = false;
      if (!member.ranks.includes(mode)) continue;
      const power = powerOf[mode];
      // A rank of the server's own making (InspIRCd's custom prefixes, say) is as good as op; what is more than that stays.
      if (power === undefined) own ||= aboveOp;
      else if (!own || power === 'owner' || power === 'admin') return power;
    }
    if (own) return 'moderator';
  }
  return channel.moderated ? 'visitor' : 'participant';
}

/** A member as the gateway sees one. */
export function describeMember(core: Core, channel: Channel, member: ChannelMember): Member {
  const { person, nick, address } = member;
  const power = powerIn(core, channel, member);
  const profile = core.profiles.get(person);
  if (profile === undefined) return address === '' ? { person, nick, power } : { person, nick, power, address };
  return { person, nick, power, ...(address !== '' && { address }), ...profile };
}

/** Everybody, for a complete list. */
export function everybody(core: Core, channel: Channel): MemberChange[] {
  const changes: MemberChange[] = [];
  for (const member of channel.members.values())
    changes.push({ is: 'in', member: describeMember(core, channel, member) });
  return changes;
}

/** All that is known of the room itself. */
export function describeRoom(core: Core, channel: Channel): Partial<Room> {
  return {
    name: titleOn(channel.name, core.server.name),
    topic: channel.topic,
    ...(channel.topicBy !== '' && { topicBy: channel.topicBy }),
    ...(channel.topicAt > 0 && { topicAt: new Date(channel.topicAt) }),
    ...describeModes(channel),
  };
}

/** What the modes of a channel mean for a room. */
export function describeModes(channel: Channel): Partial<Room> {
  return {
    isPublic: !channel.hidden,
    isModerated: channel.moderated,
    isMembersOnly: channel.inviteOnly,
    hasPassword: channel.keyed,
  };
}
