/** XEP-0050: requests to start, carry on and end a command, and the sessions between them. A session belongs to one full JID and lives in this process's memory. */
import type { CommandForm } from '../../bridge/commands.ts';
import { bareOf } from '../../core/jids.ts';
import { xml } from '../../xml/writer.ts';
import { writeError } from '../../xmpp/error.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import { reply, type Stanza } from '../../xmpp/stanza.ts';
import { command, knowsAction, type Command as Request } from '../../xmpp/xep/0050-commands.ts';
import { inWords, resultText } from './chat-text.ts';
import type { Offer } from './command.ts';
import { deedOf } from './deeds-of-operators.ts';
import type { FormPictures } from './form-pictures.ts';
import { readSubmission, refilled, writeForm, writeResult } from './forms.ts';
import { createOngoing, type Ongoing, type Stage } from './ongoing.ts';
import { type QrPicture, qrPicture } from './qr-picture.ts';
import { createRecent } from './recent.ts';
import type { Seat } from './seat.ts';
import type { Texts } from './texts.ts';

/** Sessions that one client may have open, one person may, all may, and how long one waits. */
const perClient = 5;
const each = 50;
const atOnce = 5_000;
const waitsMs = 3_600_000;

interface Session {
  readonly id: string;
  readonly client: string;
  readonly offer: Offer;
  readonly ongoing: Ongoing;
  readonly seat: Seat;
  asked: Extract<Stage, { is: 'asked' }> | undefined;
  busy: boolean;
}

type Refusal = 'malformed-action' | 'bad-action' | 'bad-payload' | 'bad-sessionid' | 'session-expired';

/** §4.4, table 4. @param text in the language of `texts` */
function refuse(stanza: Stanza, what: Refusal, { language: lang }: Texts, text: string): readonly Outgoing[] {
  const error =
    what === 'session-expired'
      ? { type: 'cancel', condition: 'not-allowed', text, lang }
      : { type: 'modify', condition: 'bad-request', text, lang };
  const detail = details[what];
  return [{ ...reply(stanza, 'error'), body: writeError(error, detail) }];
}

const details = {
  'malformed-action': xml`<malformed-action xmlns='http://jabber.org/protocol/commands'/>`,
  'bad-action': xml`<bad-action xmlns='http://jabber.org/protocol/commands'/>`,
  'bad-payload': xml`<bad-payload xmlns='http://jabber.org/protocol/commands'/>`,
  'bad-sessionid': xml`<bad-sessionid xmlns='http://jabber.org/protocol/commands'/>`,
  'session-expired': xml`<session-expired xmlns='http://jabber.org/protocol/commands'/>`,
} as const;

export interface AdHoc {
  /** The answer to one request, for a command that its sender may run. */
  answer(stanza: Stanza, request: Request, offer: Offer, seat: Seat): Promise<readonly Outgoing[]>;
}

/** @param newId unguessable and never twice, also over restarts */
export function createAdHoc(parts: { newId(): string; now(): number; readonly pictures: FormPictures }): AdHoc {
  const life = parts.newId();
  const sessions = createRecent<Session>({
    atOnce,
    each,
    whose: ({ client }) => bareOf(client),
    waitsMs,
    now: parts.now,
    onGone: ({ ongoing }) => ongoing.abandon(),
  });

  function makeRoomFor(client: string): void {
    const theirs = sessions.all().filter((session) => session.client === client);
    for (const { id } of theirs.slice(0, Math.max(0, theirs.length - perClient + 1))) sessions.end(id);
  }

  async function begin(stanza: Stanza, offer: Offer, seat: Seat): Promise<readonly Outgoing[]> {
    const client = stanza.from.full;
    makeRoomFor(client);
    const id = `${life}.${parts.newId()}`;
    const ongoing = createOngoing(() => offer.command.run(seat.here), seat.here.worded, deedOf(offer, seat.here));
    const session: Session = { id, client, offer, ongoing, seat, asked: undefined, busy: false };
    sessions.put(id, session);
    return step(stanza, session, seat, () => ongoing.begin());
  }

  /** Where whoever asked has given up meanwhile, nobody will carry it on. */
  async function step(
    stanza: Stanza,
    session: Session,
    seat: Seat,
    next: () => Promise<Stage>,
  ): Promise<readonly Outgoing[]> {
    const late = (): void => sessions.end(session.id);
    session.seat.moveTo(seat.asking);
    const { signal } = session.seat.here;
    signal.addEventListener('abort', late, { once: true });
    session.busy = true;
    let isAnswered = false;
    const { texts } = session.seat.here;
    seat.asking.meanwhile = () => {
      isAnswered = true;
      return [shown(stanza, session, { is: 'over', result: { notes: [{ is: 'info', text: texts.goesOn }] } })];
    };
    try {
      const stage = await next();
      session.asked = stage.is === 'asked' ? stage : undefined;
      if (stage.is === 'over') sessions.end(session.id);
      if (isAnswered && stage.is === 'over')
        return [inWords(stanza, parts.newId(), resultText(stage.result, texts), texts.language)];
      return [shown(stanza, session, stage)];
    } catch (error) {
      sessions.end(session.id);
      throw error;
    } finally {
      session.busy = false;
      signal.removeEventListener('abort', late);
    }
  }

  /** With the picture of what is shown, which its client will ask for. */
  function shown(stanza: Stanza, session: Session, stage: Stage): Outgoing {
    const { qr } = stage.is === 'asked' ? stage.form : {};
    const picture = qr === undefined ? undefined : qrPicture(qr.text);
    if (picture !== undefined) parts.pictures.keep(stanza.from.bare, picture);
    return executed(stanza, session, stage, picture);
  }

  /** Of our own making but not of this life, or over: expired; else it was never one of this client's. */
  function lost(stanza: Stanza, id: string, texts: Texts): readonly Outgoing[] {
    const isPast = sessions.wasEnded(id) || (/^[\w-]{20,60}\.[\w-]{20,60}$/.test(id) && !id.startsWith(`${life}.`));
    return refuse(stanza, isPast ? 'session-expired' : 'bad-sessionid', texts, texts.expired);
  }

  function carryOn(
    stanza: Stanza,
    request: Request,
    id: string,
    seat: Seat,
  ): Promise<readonly Outgoing[]> | readonly Outgoing[] {
    const { texts } = seat.here;
    const session = sessions.get(id);
    if (session === undefined) return lost(stanza, id, texts);
    if (session.client !== stanza.from.full || session.offer.node !== request.node || session.seat.jid !== seat.jid) {
      return refuse(stanza, 'bad-sessionid', texts, texts.expired);
    }
    if (request.action === 'cancel') {
      session.ongoing.cancel();
      sessions.end(id);
      return [canceled(stanza, session)];
    }
    const { texts: first } = session.seat.here;
    if (session.busy || session.asked === undefined) return refuse(stanza, 'bad-action', first, first.busy);
    if (request.action === 'prev') {
      if (!session.asked.canGoBack) return refuse(stanza, 'bad-action', first, first.noForm);
      return step(stanza, session, seat, () => session.ongoing.goBack());
    }
    return submit(stanza, request, session, session.asked.form, seat);
  }

  /** `complete`, `next` and `execute` all carry on: clients press whichever they like (CHECKLIST 050-04). A form of type cancel is one too (050-09). A session keeps to the language in which it began (§3.7). */
  function submit(stanza: Stanza, request: Request, session: Session, form: CommandForm, seat: Seat) {
    const { texts } = session.seat.here;
    const read = readSubmission(form.fields, request.form, texts);
    if ('missing' in read) return refuse(stanza, 'bad-payload', texts, read.missing);
    if ('fault' in read) {
      const fields = refilled(form.fields, request.form, texts);
      const asked = {
        ...(session.asked ?? { is: 'asked', canGoBack: false }),
        form: { ...form, fields, fault: read.fault },
      } as const;
      return [shown(stanza, session, asked)];
    }
    return step(stanza, session, seat, () => session.ongoing.answer(read.answer));
  }

  return {
    async answer(stanza, request, offer, seat) {
      const written = stanza.el.children.find((node) => typeof node !== 'string')?.attrs.action;
      const { texts } = seat.here;
      if (!knowsAction(written)) return refuse(stanza, 'malformed-action', texts, texts.noAction(written ?? ''));
      if (request.sessionid !== undefined) return carryOn(stanza, request, request.sessionid, seat);
      if (request.action === undefined || request.action === 'execute') return begin(stanza, offer, seat);
      return refuse(stanza, 'bad-action', texts, texts.noForm);
    },
  };
}

/** What every answer of a session says of it. */
const headOf = ({ id, offer, seat }: Session) => ({ node: offer.node, sessionid: id, lang: seat.here.texts.language });

const canceled = (stanza: Stanza, session: Session): Outgoing => ({
  ...reply(stanza, 'result'),
  body: command.write({ ...headOf(session), status: 'canceled', notes: [] }),
});

/** A stage as the client sees it: always with actions while something is asked (CHECKLIST 050-04), the form before the notes (050-10). */
function executed(stanza: Stanza, session: Session, stage: Stage, picture?: QrPicture): Outgoing {
  const { offer, seat } = session;
  const { texts } = seat.here;
  const answer = { ...reply(stanza, 'result') };
  const head = headOf(session);
  if (stage.is === 'over') {
    const { notes = [] } = stage.result;
    const form = writeResult(stage.result, offer.command.title(texts));
    const said = form === undefined && notes.length === 0 ? [{ is: 'info', text: texts.done } as const] : notes;
    const written = said.map(({ is, text }) => ({ type: is, text }));
    return {
      ...answer,
      body: command.write({ ...head, status: 'completed', ...(form !== undefined && { form }), notes: written }),
    };
  }
  const { form, canGoBack } = stage;
  const hasMore = form.more === true;
  const actions = {
    execute: hasMore ? 'next' : 'complete',
    prev: canGoBack,
    next: hasMore,
    complete: !hasMore,
  } as const;
  const notes = form.fault === undefined ? [] : [{ type: 'error', text: form.fault } as const];
  return {
    ...answer,
    body: command.write({ ...head, status: 'executing', actions, form: writeForm(form, texts, picture), notes }),
  };
}
