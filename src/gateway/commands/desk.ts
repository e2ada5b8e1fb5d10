/** Where commands are taken, as forms and as lines of chat, for one domain in the process that runs its accounts. What is open lives in its memory. */
import type { Scene } from '../../bridge/commands.ts';
import type { Address, Addresses } from '../../bridge/contract.ts';
import type { GatewayError } from '../../core/errors.ts';
import { type ChatId, chatId, type PersonId } from '../../core/ids.ts';
import type { SettingsForms } from '../../core/settings.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { Command as Request } from '../../xmpp/xep/0050-commands.ts';
import type { Target } from '../decode/scope.ts';
import { exampleAt, exampleRoom, hasServers } from '../example-room.ts';
import type { Asking } from '../face.ts';
import { addressTyped } from '../rooms/venue.ts';
import { saidIn, type Translate, wordsOf } from '../translation.ts';
import { createAdHoc } from './ad-hoc.ts';
import type { Catalogue } from './catalogue.ts';
import { type ChatScene, createChat } from './chat.ts';
import { inWords } from './chat-text.ts';
import type { Offer } from './command.ts';
import { createFormPictures } from './form-pictures.ts';
import type { Powers } from './powers.ts';
import { createSeat, type Seat, type Step } from './seat.ts';
import { textsFor } from './texts.ts';

export interface Desk {
  /** An ad-hoc command that its sender may run. */
  command(stanza: Stanza, request: Request, offer: Offer, target: Target, asking: Asking): Promise<readonly Outgoing[]>;
  /** A line of chat to the gateway or to a server. */
  chat(stanza: Stanza, text: string, target: Target, asking: Asking): Promise<readonly Outgoing[]>;
  /** A picture of a form that is open; undefined: there is none of that name for who asks. */
  picture(stanza: Stanza, cid: string): Outgoing | undefined;
  /** What an error says to whoever sent that, in their language where it is known. */
  worded(stanza: Stanza, error: GatewayError): string;
  /** What the bridge says, in that language where it is known. */
  said(text: string, lang: string | undefined): string;
  /** Are there commands at addresses of that kind? */
  offersAt(scene: Scene): boolean;
  /** For what is set by other ways than commands (muc#owner). */
  readonly settings: Powers['settings'];
  /** For in-band registration; absent: accounts are not added here. */
  readonly logins: Powers['logins'];
  readonly personalData: Powers['personalData'];
  /** For whoever browses. */
  readonly accounts: Powers['accounts'];
  readonly forms: SettingsForms | undefined;
}

export interface DeskParts {
  readonly domain: string;
  readonly addresses: Addresses;
  /** Listed by the operator: their names need no dot to be told from other words. */
  readonly servers?: readonly string[] | undefined;
  readonly about: { readonly name: string };
  readonly version: string;
  readonly registration: 'none' | 'required';
  readonly catalogue: Catalogue;
  readonly powers: Powers;
  readonly settings?: SettingsForms | undefined;
  /** What the bridge says, in other languages. */
  readonly translate?: Translate | undefined;
  isAdmin(owner: string): boolean;
  /** Unguessable, never twice, also over restarts. */
  newId(): string;
  now(): number;
}

interface Place {
  readonly scene: Scene;
  readonly on?: string | undefined;
  readonly chat?: ChatId | undefined;
  readonly person?: PersonId | undefined;
}

/** What an address stands for. */
function placeAt(address: Address): Place {
  const { on } = address;
  switch (address.is) {
    case 'service':
      return { scene: on === undefined ? 'gateway' : 'server', on };
    case 'room':
      return { scene: 'room', on, chat: address.id };
    case 'person':
      return { scene: 'contact', on, person: address.id };
    default:
      return address satisfies never;
  }
}

export function createDesk(parts: DeskParts): Desk {
  const { domain, addresses, powers, catalogue, now } = parts;
  const pictures = createFormPictures(now);
  const adHoc = createAdHoc({ newId: parts.newId, now, pictures });
  const chat = createChat(catalogue, now);

  const worded = ({ lang }: Stanza, error: GatewayError): string =>
    wordsOf(error, lang, parts.translate).text ?? error.message;

  const said = (text: string, lang: string | undefined): string => saidIn(text, lang, parts.translate).text;

  function seatAt(stanza: Stanza, address: Address, jid: string, offer: Offer, asking: Step): Seat {
    return createSeat({
      asking,
      jid,
      ...placeAt(address),
      scene: offer.scene,
      title: addresses.title(address),
      isAdmin: parts.isAdmin(stanza.from.bare),
      asker: stanza.from.bare,
      texts: textsFor(stanza.lang),
      needsLogin: parts.registration === 'required',
      worded: (error) => worded(stanza, error),
      said: (text) => said(text, stanza.lang),
      powers,
      addresses,
    });
  }

  const isListed = ({ on }: Address): boolean => on !== undefined && parts.servers?.includes(on) === true;

  /** As people write one: with our domain or without, `#room` alone where they write to its server. */
  function addressIn(text: string, on: string | undefined): Address | undefined {
    const name = addressTyped(text).toLowerCase();
    const local = name.endsWith(`@${domain}`) ? name.slice(0, -domain.length - 1) : name;
    if (local.includes('@')) return undefined;
    if (on === undefined || name !== local) return addresses.parse(local);
    const here = addresses.parse(addresses.format({ is: 'room', id: chatId(local), on }));
    return here?.is === 'room' ? here : undefined;
  }

  function seatNamed(stanza: Stanza, text: string, offer: Offer, on: string | undefined, asking: Step) {
    const address = addressIn(text, on);
    if (address === undefined || placeAt(address).scene !== offer.at) return undefined;
    if (address.is === 'service' && !text.includes('.') && !isListed(address)) return undefined;
    const refused = addresses.refuse?.(address);
    if (refused !== undefined) throw refused;
    return seatAt(stanza, address, `${addresses.format(address)}@${domain}`, offer, asking);
  }

  function sceneOf(stanza: Stanza, target: Target, asking: Step): ChatScene {
    const texts = textsFor(stanza.lang);
    const isServer = target.is === 'server';
    const isShared = isServer || addresses.isOneServer === true;
    const address: Address = isServer ? target.address : { is: 'service' };
    return {
      key: `${stanza.from.bare}\n${stanza.to.bare}`,
      owner: stanza.from.bare,
      at: isServer ? 'server' : 'gateway',
      on: target.on,
      isShared,
      isAdmin: parts.isAdmin(stanza.from.bare),
      asking,
      texts,
      worded: (error) => worded(stanza, error),
      hello: isShared ? texts.helloServer(addresses.title(address)) : texts.hello(parts.about.name, parts.version),
      example: (at) => (isServer ? (at === 'room' ? exampleRoom(addresses) : undefined) : exampleAt(addresses, at)),
      ...(!isServer && hasServers(parts) && { server: `${exampleAt(addresses, 'server')}@${domain}` }),
      seat: (offer) => seatAt(stanza, address, stanza.to.bare, offer, asking),
      seatAt: (text, offer) => seatNamed(stanza, text, offer, target.on, asking),
    };
  }

  return {
    settings: powers.settings,
    accounts: powers.accounts,
    logins: powers.logins,
    personalData: powers.personalData,
    forms: parts.settings,
    worded,
    said,
    offersAt: (scene) => catalogue.at(scene, true).length > 0,
    picture: pictures.answer,
    async command(asked, request, offer, target, asking) {
      const lang = asked.lang ?? request.lang;
      const stanza = lang === undefined ? asked : { ...asked, lang };
      const address: Address = target.is === 'gateway' ? { is: 'service' } : target.address;
      await powers.settings.heard(stanza.from.bare, lang);
      const step: Step = { ...asking, behind: [] };
      const seat = seatAt(stanza, address, stanza.to.bare, offer, step);
      return [...(await adHoc.answer(stanza, request, offer, seat)), ...step.behind];
    },
    async chat(stanza, text, target, asking) {
      const step: Step = { ...asking, behind: [] };
      const scene = sceneOf(stanza, target, step);
      const { goesOn, language } = scene.texts;
      await powers.settings.heard(stanza.from.bare, stanza.lang);
      step.meanwhile = () => [inWords(stanza, parts.newId(), goesOn, language)];
      const answer = await chat.hear(scene, text);
      return [inWords(stanza, parts.newId(), answer, language), ...step.behind];
    },
  };
}
