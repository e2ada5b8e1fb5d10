/** Requests to a contact: a person on the network, for whom the gateway is the server and the client at once. */
import { type ChatId, chatId } from '../../core/ids.ts';
import { flagOf } from '../../core/settings.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { DISCO_INFO, DISCO_ITEMS } from '../../xmpp/xep/0030-disco.ts';
import { VCARD } from '../../xmpp/xep/0054-vcard.ts';
import type { Catalogue } from '../commands/catalogue.ts';
import { type ContactInfoOf, createContactInfo } from '../contacts/contact-info.ts';
import { nodeQuestion } from '../contacts/nodes.ts';
import type { Say } from '../contacts/person-card.ts';
import { contactQuestions, personQuestion } from '../contacts/person-questions.ts';
import { CAPS_NODE, capsNode, discoInfo, discoItems } from '../disco.ts';
import type { Asking, Question } from '../face.ts';
import { saidIn } from '../translation.ts';
import { answer, noSuchItem, result } from './answers.ts';
import { featuresOf, type IqEntry, type IqTables, iqTable } from './iq.ts';
import { contactArchive } from './iq-archive.ts';
import { aboutCommands, commandsAt } from './iq-commands.ts';
import { noCard, noNodes } from './iq-small.ts';
import { notConnected } from './not-there.ts';
import type { Scope, Target } from './scope.ts';

type Contact = Extract<Target, { is: 'contact' }>;

const items: IqEntry = {
  ns: DISCO_ITEMS,
  name: 'query',
  get(scope, stanza, query, target) {
    const { node } = query.attrs;
    if (node === undefined || node === '') return answer(result(stanza, discoItems([])));
    return aboutCommands(scope, stanza, query, target) ?? answer(noSuchItem(stanza));
  },
};

const sayTo =
  ({ options }: Scope, { lang }: Stanza): Say =>
  (text) =>
    saidIn(text, lang, options.translate).text;

/** Items of their nodes are asked for; nothing is ever published there (CHECKLIST 060-01). */
const nodes: IqEntry<Contact> = {
  ...noNodes,
  get(scope, stanza, pubsub, { person, on }) {
    const question = nodeQuestion(stanza, pubsub, person, sayTo(scope, stanza));
    if (question === undefined) return answer(noSuchItem(stanza));
    return { is: 'question', account: scope.key(stanza.from, on), stanza, question };
  },
};

/** What is asked of the network. */
const questions = contactQuestions.map(
  (one): IqEntry<Contact> => ({
    ns: one.ns,
    name: one.name,
    ...(one.ns === VCARD && noCard.set !== undefined && { set: noCard.set }),
    get: (scope, stanza, _, { person, on }) => ({
      is: 'question',
      account: scope.key(stanza.from, on),
      stanza,
      question: personQuestion(one, stanza, person, sayTo(scope, stanza), () => notConnected(scope, on)),
    }),
  }),
);

/** Does the asking person want what is said between two kept? */
async function isKept({ archive }: Scope['options'], { desk, account }: Asking, chat: ChatId): Promise<boolean> {
  if (archive === false) return false;
  const settings = await desk?.settings.of(account.owner);
  const { on } = account;
  return flagOf(settings?.over({ level: 'room', chat, ...(on !== undefined && { on }) }).record_history) ?? true;
}

/** What contacts of a domain with these commands announce. */
export const contactInfoOf = (catalogue: Catalogue): ContactInfoOf =>
  createContactInfo([DISCO_ITEMS, ...featuresOf(iqTable(commandsAt(catalogue, 'contact')))]);

/** Registration is not a contact's to answer: service-unavailable (CHECKLIST 077-20). */
export function contactTable(catalogue: Catalogue): IqTables['contact'] {
  const commands = commandsAt(catalogue, 'contact');
  const infoOf = contactInfoOf(catalogue);
  const info: IqEntry<Contact> = {
    ns: DISCO_INFO,
    name: 'query',
    get(scope, stanza, query, target) {
      const { node = '' } = query.attrs;
      const isOfCaps = node.startsWith(`${CAPS_NODE}#`);
      if (node !== '' && !isOfCaps) {
        return aboutCommands(scope, stanza, query, target) ?? answer(noSuchItem(stanza));
      }
      const question: Question = async (asking) => {
        const chat = chatId(target.person);
        const said = infoOf(asking.session, chat, await isKept(scope.options, asking, chat));
        if (node === '') return [result(stanza, discoInfo(said.info))];
        return [node === capsNode(said) ? result(stanza, discoInfo({ ...said.info, node })) : noSuchItem(stanza)];
      };
      return { is: 'question', account: scope.key(stanza.from, target.on), stanza, question };
    },
  };
  return iqTable<Contact>(info, items, nodes, commands, ...contactArchive, ...questions);
}
