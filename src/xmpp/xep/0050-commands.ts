/** XEP-0050 Ad-Hoc Commands, version 1.3.0: the request (§2.4), the stages (§3.4), the notes (§3.6) and the language (§3.7). */
import { all, attr, element, flag, maybe, oneOf, optionalAttr, type TypeOf, text } from '../codec.ts';
import { dataForm } from './0004-data-forms.ts';

/** Namespace, feature and the node of the list (§2.2), all in one. */
export const COMMANDS = 'http://jabber.org/protocol/commands';

const verbs = oneOf('execute', 'cancel', 'prev', 'next', 'complete');

/** Is that an action, or none at all? The codec takes one that it can't read for absent, but it has to be refused (§4.4). */
export const knowsAction = (action: string | undefined): boolean =>
  action === undefined || verbs.read(action) !== undefined;

const actions = element(COMMANDS, 'actions', {
  execute: optionalAttr('execute', verbs),
  prev: flag('prev'),
  next: flag('next'),
  complete: flag('complete'),
});
const note = element(COMMANDS, 'note', { type: optionalAttr('type', oneOf('info', 'warn', 'error')), text: text() });

/** The form stands before the notes (CHECKLIST 050-10). */
export const command = element(COMMANDS, 'command', {
  node: attr('node'),
  sessionid: optionalAttr('sessionid'),
  action: optionalAttr('action', verbs),
  lang: optionalAttr('xml:lang'),
  status: optionalAttr('status', oneOf('executing', 'completed', 'canceled')),
  actions: maybe(actions),
  form: maybe(dataForm),
  notes: all(note),
});
export type Command = TypeOf<typeof command>;
