/** Ad-hoc commands (XEP-0050) at every kind of address: which there are is answered here, their steps by the desk in the process that runs the account. */
import type { Scene } from '../../bridge/commands.ts';
import { GatewayError } from '../../core/errors.ts';
import { firstChild } from '../../xml/query.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { DATA_FORMS } from '../../xmpp/xep/0004-data-forms.ts';
import { DISCO_INFO, DISCO_ITEMS } from '../../xmpp/xep/0030-disco.ts';
import { COMMANDS, command } from '../../xmpp/xep/0050-commands.ts';
import type { Catalogue } from '../commands/catalogue.ts';
import type { Desk } from '../commands/desk.ts';
import { textsFor } from '../commands/texts.ts';
import { discoInfo, discoItems } from '../disco.ts';
import type { Asking, Decoded, FaceContext } from '../face.ts';
import { isShared } from '../labels.ts';
import { answer, badRequest, deny, noSuchItem, result, wordedResult } from './answers.ts';
import type { IqEntry } from './iq.ts';
import { refuse } from './refuse.ts';
import { createScope, type DecoderOptions, type Scope, type Target } from './scope.ts';

const sceneOf = ({ is }: Target): Scene => is;

/** Where the process has none, nothing can be run. */
export function deskOf({ desk }: Asking): Desk {
  if (desk === undefined) throw new GatewayError('not-available', { text: 'Commands can not be run here' });
  return desk;
}

/** The step of a command. */
const commands: IqEntry = {
  ns: COMMANDS,
  name: 'command',
  set(scope, stanza, payload, target) {
    const request = command.read(payload);
    if (request === undefined) return answer(badRequest(stanza, 'A command has a node and at most one form'));
    const offer = scope.catalogue.find(sceneOf(target), request.node);
    if (offer === undefined) return answer(notThere(stanza, request.node));
    if (!isFoundAt(scope, stanza, target, offer.command.ofShared === true))
      return answer(notThere(stanza, request.node));
    if (offer.command.adminsOnly === true && !scope.isAdmin(stanza.from)) return answer(forbidden(stanza));
    return {
      is: 'question',
      account: scope.key(stanza.from, target.on),
      stanza,
      question: (asking) => deskOf(asking).command(stanza, request, offer, target, asking),
    };
  },
};

/** Announced where there are any. */
export const commandsAt = (catalogue: Catalogue, scene: Scene): IqEntry =>
  catalogue.at(scene, true).length > 0 ? { ...commands, feature: COMMANDS } : commands;

const notThere = (stanza: Stanza, node: string) => noSuchItem(stanza, `There is no command ${node} here`);

function forbidden(stanza: Stanza) {
  const { forOperators: text, language: lang } = textsFor(stanza.lang);
  return deny(stanza, { type: 'auth', condition: 'forbidden', text, lang });
}

/** The list of commands at an address: only those that the asking person may run (CHECKLIST 050-01). */
function commandItems(scope: Scope, stanza: Stanza, target: Target, jid = stanza.to.bare): Decoded {
  const texts = textsFor(stanza.lang);
  const all = scope.allows(stanza.from) ? scope.catalogue.at(sceneOf(target), scope.isAdmin(stanza.from)) : [];
  const offers = all.filter(({ command: { ofShared = false } }) => isFoundAt(scope, stanza, target, ofShared));
  const items = offers.map((offer) => ({ jid, node: offer.node, name: offer.command.title(texts) }));
  return answer(wordedResult(stanza, discoItems(items, COMMANDS)));
}

/** At a shared account's address whoever is admitted finds what is of shared accounts, and its owner all; elsewhere there is nothing of them. */
function isFoundAt(scope: Scope, { from }: Stanza, { on }: Target, ofShared: boolean): boolean {
  if (!isShared(on)) return !ofShared;
  return ofShared || scope.share(on)?.owner === from.bare;
}

/** Of the list itself, or of one command (CHECKLIST 050-02); undefined: the node is neither. */
function commandInfo(scope: Scope, stanza: Stanza, node: string, target: Target): Decoded | undefined {
  if (node === COMMANDS) {
    const identities = [{ category: 'automation', type: 'command-list', name: 'Commands' }];
    return answer(result(stanza, discoInfo({ identities, features: [DISCO_ITEMS], node })));
  }
  const offer = scope.catalogue.find(sceneOf(target), node);
  if (offer === undefined || !isFoundAt(scope, stanza, target, offer.command.ofShared === true)) return undefined;
  if (!scope.allows(stanza.from)) return answer(...refuse(stanza, scope.denial(stanza.from)));
  if (offer.command.adminsOnly === true && !scope.isAdmin(stanza.from)) return answer(forbidden(stanza));
  const name = offer.command.title(textsFor(stanza.lang));
  const identities = [{ category: 'automation', type: 'command-node', name }];
  return answer(wordedResult(stanza, discoInfo({ identities, features: [COMMANDS, DATA_FORMS], node })));
}

/** Is the question for discovery about commands? Then that is its answer. */
export function aboutCommands(
  scope: Scope,
  stanza: Stanza,
  query: { readonly ns: string; readonly attrs: Readonly<Record<string, string>> },
  target: Target,
): Decoded | undefined {
  const { node } = query.attrs;
  if (node === undefined || node === '' || scope.catalogue.at(sceneOf(target), true).length === 0) return undefined;
  if (query.ns === DISCO_INFO) return commandInfo(scope, stanza, node, target);
  if (node === COMMANDS) return commandItems(scope, stanza, target);
  const isCommand = scope.catalogue.find(sceneOf(target), node) !== undefined;
  return isCommand ? answer(result(stanza, discoItems([], node))) : undefined;
}

/** Of a person who is met in a room: at the occupant's address, where its own commands are those of the contact. */
export function commandsOfOccupant(options: DecoderOptions): NonNullable<FaceContext['occupantCommands']> {
  const scope = createScope(options);
  return (stanza, person) => {
    const on = scope.target(stanza.to)?.on;
    const place = on === undefined ? {} : { on };
    const address = { is: 'person', id: person, ...place } as const;
    const target: Target = { is: 'contact', person, address, barred: undefined, ...place };
    const payload = firstChild(stanza.el);
    if (payload === undefined || scope.catalogue.at('contact', true).length === 0) return undefined;
    if (payload.ns === COMMANDS)
      return stanza.type === 'set' ? commands.set?.(scope, stanza, payload, target) : undefined;
    const { node = '' } = payload.attrs;
    if (payload.ns === DISCO_INFO) return commandInfo(scope, stanza, node, target);
    return node === COMMANDS ? commandItems(scope, stanza, target, stanza.to.full) : undefined;
  };
}
