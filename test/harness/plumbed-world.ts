/** A MUC of a real server and a channel of a real IRC server as one, and what people on both sides hear. */
import type { Element } from '../../src/xml/element.ts';
import type { IrcClient } from './irc-client.ts';
import { bodyOf, child } from './markup.ts';
import { hasOperator, runsAt } from './operator.ts';
import { gatewayDomain, ircName, mucDomain, type RealWorld } from './world.ts';
import type { XmppClient } from './xmpp-client.ts';

export interface PlumbedWorld {
  readonly muc: string;
  readonly channel: string;
  readonly admin: XmppClient;
  /** The MUC's owner, who is in it as nurse. */
  readonly owner: XmppClient;
  readonly irc: IrcClient;
  readonly nick: string;
}

const mucNs = 'http://jabber.org/protocol/muc';

export const roomOf = (channel: string): string => `${channel}%${ircName}@${gatewayDomain}`;
/** What the herald is called. */
export const titleOf = (channel: string): string => `${channel} on ${ircName}`;
/** Who speaks on IRC for the MUC's people. */
export const speakerOf = ({ muc }: PlumbedWorld): string => muc.split('@')[0] ?? '';

const isSaid = (stanza: Element, from: string): boolean =>
  stanza.name === 'message' && stanza.attrs.from === from && child(stanza, 'delay') === undefined;

/** Somebody of the MUC's hears that line said by that occupant. */
export const hears = (client: XmppClient, muc: string, nick: string, text: string): Promise<Element> =>
  client.receive((stanza) => isSaid(stanza, `${muc}/${nick}`) && bodyOf(stanza) === text, 60_000);

/** All that this one heard of that occupant, in order. */
export const heardOf = (client: XmppClient, muc: string, nick: string): readonly (string | undefined)[] =>
  client.seen((stanza) => isSaid(stanza, `${muc}/${nick}`)).map(bodyOf);

/** A line of somebody there, as a client of IRC gets it. */
export const heardOnIrc = (nick: string, channel: string, text: string): RegExp =>
  new RegExp(`^:${nick}!\\S+ PRIVMSG ${channel} :${text}$`);

/** The command and the owner's word. */
export async function joins(admin: XmppClient, owner: XmppClient, channel: string, muc: string): Promise<void> {
  const asked = await runsAt(admin, roomOf(channel), 'plumb', { muc: [muc] });
  const token = /plumb-[a-z0-9]+/.exec(JSON.stringify(asked))?.[0];
  if (token === undefined) throw new Error(`no token: ${JSON.stringify(asked)}`);
  await owner.receive(`<presence from='${muc}/${titleOf(channel)}' type='!'/>`, 60_000);
  owner.say(muc, token);
  await owner.receive((stanza) => bodyOf(stanza)?.startsWith('This room is now joined') === true, 60_000);
}

export interface PlumbedOptions {
  /** The MUC service; that of the world's own server where nothing is said. */
  readonly service?: string;
  /** Who founds the MUC; somebody of the world's own server where nothing is said. */
  readonly owner?: XmppClient;
}

/** A channel and a MUC of their own, joined. */
export async function plumbed(world: RealWorld, options: PlumbedOptions = {}): Promise<PlumbedWorld> {
  const n = world.next();
  const [muc, channel, nick] = [`piazza${n}@${options.service ?? mucDomain}`, `#verona${n}`, `tybalt${n}`];
  const [operator, owning] = [world.newUser(), world.newUser()];
  await hasOperator(world.gateway, `${operator}@${world.prosody.domain}`);
  const admin = await world.jabber(operator, 'desk');
  const owner = options.owner ?? (await world.jabber(owning, 'desk'));
  await owner.join(muc, 'nurse');
  // XEP-0045 §10.1.3: open, and still the same room when its service was restarted. Else whoever comes first founds another, and the consent is void.
  const field = (name: string, value: string): string => `<field var='${name}'><value>${value}</value></field>`;
  const fields = `${field('FORM_TYPE', `${mucNs}#roomconfig`)}${field('muc#roomconfig_persistentroom', '1')}`;
  const lasting = `<query xmlns='${mucNs}#owner'><x xmlns='jabber:x:data' type='submit'>${fields}</x></query>`;
  await owner.ask(`<iq type='set' to='${muc}'>${lasting}</iq>`);
  const irc = await world.irc(nick);
  await irc.join(channel);
  await joins(admin, owner, channel, muc);
  await irc.expect(new RegExp(`^:piazza${n}!\\S+ JOIN :?${channel}`));
  return { muc, channel, admin, owner, irc, nick };
}
