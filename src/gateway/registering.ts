/** In-band registration (XEP-0077, CHECKLIST 5.1): the first step of a login as a form, its submission as the answer, and leaving without a trace. */
import type { FormField } from '../bridge/commands.ts';
import type { LoginForm } from '../bridge/login.ts';
import { GatewayError } from '../core/errors.ts';
import { children } from '../xml/query.ts';
import { empty, type Xml } from '../xml/writer.ts';
import { writeError } from '../xmpp/error.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import { reply, type Stanza } from '../xmpp/stanza.ts';
import { type DataForm, valueField, valuesOf } from '../xmpp/xep/0004-data-forms.ts';
import { REGISTER, type Registration, registration } from '../xmpp/xep/0077-registration.ts';
import { farewellFrom } from './commands/delete-data.ts';
import type { Desk } from './commands/desk.ts';
import { readSubmission, writeForm } from './commands/forms.ts';
import { formStep, waitStep } from './commands/login-steps.ts';
import type { KnownLogin, LoginFlow, LoginPowers, LoginStage } from './commands/powers.ts';
import { type Texts, textsFor } from './commands/texts.ts';
import { textsOf } from './commands/values.ts';
import type { Asking } from './face.ts';

/** Clients wait for an iq no longer. */
const answeredWithinMs = 30_000;

/** Who asks for what. */
interface Asked {
  readonly stanza: Stanza;
  readonly asking: Asking;
  readonly desk: Desk;
  readonly logins: LoginPowers;
  readonly owner: string;
  readonly on: string | undefined;
  readonly texts: Texts;
  readonly domain: string;
  /** What the network is called. */
  readonly name: string;
}

export interface RegisteringPlace {
  readonly domain: string;
  readonly name: string;
  readonly on: string | undefined;
}

function asked(stanza: Stanza, asking: Asking, desk: Desk, { domain, name, on }: RegisteringPlace): Asked {
  const { logins } = desk;
  if (logins === undefined) throw new GatewayError('not-available', { text: 'Accounts are not registered here' });
  return { stanza, asking, desk, logins, owner: stanza.from.bare, on, texts: textsFor(stanza.lang), domain, name };
}

/** Those of that address: a server's, or all. */
async function mine({ logins, owner, on }: Asked): Promise<readonly KnownLogin[]> {
  return (await logins.list(owner)).filter((one) => on === undefined || one.on === on);
}

/** The login that is under way, or one begun for it: of the account that is there, else of a new one. */
async function flowOf(it: Asked, [there]: readonly KnownLogin[]): Promise<LoginFlow> {
  const { logins, owner, on, texts } = it;
  const { language } = texts;
  const pending = logins.pending(owner);
  if (pending !== undefined && (pending.isTouched || pending.id === there?.id)) return pending;
  return logins.begin({ owner, language, on: there?.on ?? on, ...(there !== undefined && { id: there.id }) });
}

const isOld = ({ name }: FormField): boolean => name === 'username' || name === 'password';

/** For clients without forms, where two fields are enough (§4, CHECKLIST 077-09). */
function oldFields({ fields }: LoginForm): Pick<Registration, 'username' | 'password'> {
  const isEnough = fields.every((field) => isOld(field) || field.required !== true || field.value !== undefined);
  const username = fields.find(({ name }) => name === 'username');
  if (!isEnough || username === undefined) return {};
  return { username: typeof username.value === 'string' ? username.value : '', password: '' };
}

/** What the network says is more than what we would. */
function instructionsOf({ instructions }: DataForm, isThere: boolean, texts: Texts): readonly string[] {
  if (isThere) return [texts.inBandThere, ...instructions];
  return instructions.length === 0 ? [texts.inBandText] : instructions;
}

/** @param byWeb where it can be done in a browser */
function written(stage: LoginStage, isThere: boolean, texts: Texts, byWeb: string | undefined): Xml {
  const head = { registered: isThere, remove: false };
  if (stage.is === 'failed') throw stage.error;
  if (stage.is !== 'form') {
    const more = stage.is === 'wait' ? (waitStep(stage.wait, texts, false).text ?? []) : [];
    const url = stage.is === 'wait' ? stage.wait.show?.url : undefined;
    const instructions = [...more, texts.loginStepMore(texts.addLogin)].join('\n');
    return registration.write({ ...head, instructions, ...(url !== undefined && { oob: { url } }) });
  }
  const form = writeForm({ ...formStep(stage.form), formType: REGISTER }, texts);
  const elsewhere = byWeb === undefined ? [] : [texts.webInBand(byWeb)];
  const old = oldFields(stage.form);
  // The old fields and an address do not go together (§6, CHECKLIST 077-09).
  const oob = byWeb === undefined || old.username !== undefined ? {} : { oob: { url: byWeb } };
  // Not every client shows the words of the error that the last answer got (Pidgin).
  const fault = stage.form.fault === undefined ? [] : [stage.form.fault];
  const instructions = [...fault, ...instructionsOf(form, isThere, texts), ...elsewhere];
  return registration.write({
    ...head,
    instructions: instructions.join('\n'),
    ...old,
    form: { ...form, instructions },
    ...oob,
  });
}

/** Where the same login can be done in a browser; undefined: nowhere, or it is being done there already. */
function linkOf({ logins, owner, on, texts: { language } }: Asked, flow: LoginFlow): string | undefined {
  const { byWeb } = logins;
  if (byWeb === undefined || byWeb.isOpen(owner)) return undefined;
  return byWeb.link({ owner, on, language, ...(flow.id !== undefined && { id: flow.id }) }, flow);
}

/** What there is to fill in; never a secret (CHECKLIST 077-02). */
export async function registrationForm(stanza: Stanza, asking: Asking, desk: Desk, place: RegisteringPlace) {
  const it = asked(stanza, asking, desk, place);
  const there = await mine(it);
  const flow = await flowOf(it, there);
  const stage = await flow.next(undefined, answeredWithinMs, asking.signal);
  const link = stage.is === 'form' ? linkOf(it, flow) : undefined;
  const body = written(stage, there.length > 0, it.texts, link);
  return [{ ...reply(stanza, 'result'), lang: it.texts.language, body }];
}

const refusal = (stanza: Stanza, type: string, condition: string, text: string, lang = 'en'): readonly Outgoing[] => [
  { ...reply(stanza, 'error'), body: writeError({ type, condition, text, lang }) },
];
const unacceptable = ({ stanza, texts }: Asked, text: string) =>
  refusal(stanza, 'modify', 'not-acceptable', text, texts.language);

/** What was submitted, whichever of both ways. */
function submitted({ form, username, password }: Registration): DataForm {
  const old = { username, password };
  const fields = Object.entries(old).flatMap(([name, value]) =>
    value === undefined ? [] : [valueField(name, [value])],
  );
  return form ?? { type: 'submit', instructions: [], fields, items: [] };
}

/**
 * Their own data come back with the password left empty, as it was shown: that is no new one, but the old, unless the network takes it so (CHECKLIST 077-11): a
 * certificate needs none. Where the form says of a secret that it is set, leaving it empty is an answer like others.
 */
function isUnchanged({ id, isTouched }: LoginFlow, { fields }: LoginForm, form: DataForm): boolean {
  if (id === undefined || isTouched) return false;
  let isLeftEmpty = false;
  for (const { name, type, isSet, value } of fields) {
    const given = valuesOf(form, name);
    const isEmpty = (given ?? []).every((one) => one === '');
    if (type === 'secret') {
      if (!isEmpty || isSet === true) return false;
      isLeftEmpty ||= given !== undefined;
    } else if (given !== undefined && given.join('\n') !== textsOf(value).join('\n')) return false;
  }
  return isLeftEmpty;
}

/** The answer is not taken. */
const isFaulty = (stage: LoginStage): boolean =>
  stage.is === 'form' ? stage.form.fault !== undefined : stage.is === 'failed' && stage.error.code === 'login-refused';

/** What came of the answer; a step that no iq can ask for goes on by command and by chat (CHECKLIST 077-05). */
function outcome(it: Asked, stage: LoginStage, isFirst: boolean): readonly Outgoing[] {
  const { stanza, texts, owner, name, logins, desk } = it;
  switch (stage.is) {
    case 'done': {
      const contact = isFirst ? logins.befriend(owner, name, texts.language) : [];
      return [reply(stanza, 'result'), ...contact].map((one) => ({ body: empty, ...one }));
    }
    case 'failed':
      if (stage.error.code === 'login-refused') return unacceptable(it, desk.worded(stanza, stage.error));
      throw stage.error;
    case 'form':
      // The login waits for a better answer: some clients keep the form open, others ask for it once more.
      if (stage.form.fault !== undefined) return unacceptable(it, stage.form.fault);
      return goesOn(stage.form.title);
    case 'wait':
      return goesOn(stage.wait.title);
    case 'working':
      return goesOn(texts.addLogin);
    default:
      return stage satisfies never;
  }

  function goesOn(title: string): readonly Outgoing[] {
    const text = texts.loginStepMore(title);
    logins.tell(owner, text, texts.language);
    return refusal(stanza, 'continue', 'undefined-condition', text, texts.language);
  }
}

async function submit(it: Asked, given: Registration): Promise<readonly Outgoing[]> {
  const { stanza, asking, texts, owner, logins } = it;
  const there = await mine(it);
  const flow = await flowOf(it, there);
  const before = await flow.next(undefined, answeredWithinMs, asking.signal);
  if (before.is !== 'form') return outcome(it, before, false);
  const form = submitted(given);
  const leave = (): readonly Outgoing[] => {
    flow.cancel();
    return [{ ...reply(stanza, 'result'), body: empty }];
  };
  if (form.type === 'cancel') return leave();
  const unchanged = isUnchanged(flow, before.form, form);
  const read = readSubmission(before.form.fields, form, texts);
  if ('missing' in read) return unchanged ? leave() : unacceptable(it, read.missing);
  if ('fault' in read) return unacceptable(it, read.fault);
  const blank = before.form.fields.find(
    ({ name, required, isSet }) => required === true && isSet !== true && (valuesOf(form, name)?.[0] ?? '') === '',
  );
  if (blank !== undefined && read.answer[blank.name] === undefined) return unacceptable(it, texts.missing(blank.label));
  const isFirst = (await logins.list(owner)).length === 0;
  flow.answer(read.answer);
  const after = await flow.next(before, answeredWithinMs, asking.signal);
  return unchanged && isFaulty(after) ? leave() : outcome(it, after, isFirst);
}

/** Nothing is left; then every contact says goodbye (CHECKLIST 100-40, 100-41). */
async function remove(it: Asked): Promise<readonly Outgoing[]> {
  const { stanza, asking, owner, on, texts, desk, logins, domain } = it;
  const there = await mine(it);
  if (there.length === 0) throw new GatewayError('not-registered', { text: texts.loginsNone, lang: texts.language });
  logins.pending(owner)?.cancel();
  const reason = texts.loginRemovedReason;
  const contacts: string[] = [];
  const done: Outgoing = { ...reply(stanza, 'result'), body: empty };
  asking.goesOn?.(() => [done]);
  if (on === undefined) contacts.push(...(await desk.personalData.erase(owner, reason, asking.signal)), domain);
  else for (const { id } of there) contacts.push(...(await logins.remove(id, reason, asking.signal)));
  return [done, ...contacts.flatMap((from) => farewellFrom(from, owner))];
}

/** The answer to the form, or `<remove/>`, which stands alone (§3.2). */
export async function register(
  stanza: Stanza,
  given: Registration,
  asking: Asking,
  desk: Desk,
  place: RegisteringPlace,
): Promise<readonly Outgoing[]> {
  const it = asked(stanza, asking, desk, place);
  await desk.settings.heard(it.owner, stanza.lang);
  if (!given.remove) return submit(it, given);
  const [query] = children(stanza.el);
  if (query !== undefined && children(query).length > 1)
    return refusal(stanza, 'modify', 'bad-request', '<remove/> stands alone');
  return remove(it);
}
