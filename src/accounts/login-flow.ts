/** One login that is under way: what it asks and waits for, one step at a time, until it is kept or over. It outlives the client that began it. */

import type { FormField } from '../bridge/commands.ts';
import type { Clock, Log } from '../bridge/contract.ts';
import type { LoggedIn, LoginAnswer, LoginForm, LoginRun, LoginStep } from '../bridge/login.ts';
import { GatewayError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import type { LoginFlow, LoginStage } from '../gateway/commands/powers.ts';
import type { Said } from '../gateway/translation.ts';
import type { LoginRow } from '../storage/login-ports.ts';

/** One that is over for a reason of the gateway's. */
export interface OwnFlow extends LoginFlow {
  cancel(reason?: GatewayError): void;
}

export interface FlowParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted when the flow ends without being kept. */
  readonly ended: AbortController;
  readonly run: LoginRun;
  readonly id: AccountId | undefined;
  /** As whoever logs in reads it. */
  worded(text: string): Said;
  /** Before anything is written. */
  check(kept: LoggedIn): Promise<void>;
  /** Writes it down; can't be given up any more. */
  keep(kept: LoggedIn): Promise<LoginRow>;
  /** It is done, failed or cancelled. */
  onOver(): void;
}

/** How long somebody may take to answer, all of it may take, and how many answers may be wrong. */
const answeredWithinMs = 600_000;
const lastsMs = 3_600_000;
const faultsAtMost = 20;

const canceled = (): GatewayError => new GatewayError('not-registered', { text: 'The login was cancelled' });
const late = (): GatewayError => new GatewayError('timed-out', { text: 'The login took too long; begin anew' });

/** Begins at once. */
export function createFlow({ clock, log, ended, run, id, worded, check, keep, onOver }: FlowParts): OwnFlow {
  const { signal } = ended;
  let stage: LoginStage = { is: 'working' };
  let [faults, answers] = [0, 0];
  let last: LoginAnswer = {};
  let answered: ((answer: LoginAnswer) => void) | undefined;
  let unseen: ((stage: LoginStage) => void) | undefined;
  const waiting = new Set<() => void>();

  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => undefined);
  const orEnded = <T>(promise: Promise<T>): Promise<T> => Promise.race([promise, aborted]);

  function become(next: LoginStage): void {
    const wasSeen = waiting.size > 0;
    stage = next;
    if (next.is === 'working') return;
    for (const wake of waiting) wake();
    const tell = unseen;
    unseen = undefined;
    if (!wasSeen) tell?.(next);
  }

  async function asked(form: LoginForm): Promise<LoginAnswer> {
    if (form.fault !== undefined && ++faults > faultsAtMost)
      throw new GatewayError('over-quota', { text: 'Too much of it was wrong; begin anew' });
    const answer = new Promise<LoginAnswer>((resolve) => {
      answered = resolve;
    });
    const settled = new AbortController();
    const tooLate = clock.sleep(answeredWithinMs, settled.signal).then(() => Promise.reject(late()));
    tooLate.catch(() => undefined);
    const { fault } = form;
    become({ is: 'form', form: fault === undefined ? form : refilled({ ...form, fault: worded(fault).text }, last) });
    try {
      last = await orEnded(Promise.race([answer, tooLate]));
      return last;
    } finally {
      answered = undefined;
      settled.abort();
    }
  }

  async function past(step: LoginStep): ReturnType<LoginRun['next']> {
    if (step.ask === 'form') {
      const answer = await asked(step);
      become({ is: 'working' });
      return orEnded(run.next(answer));
    }
    become({ is: 'wait', wait: step });
    try {
      await orEnded(step.until(signal));
    } catch (error) {
      if (signal.aborted) throw error;
      return orEnded(run.throw(error));
    }
    return orEnded(run.next({}));
  }

  async function drive(): Promise<LoginRow> {
    let taken = await orEnded(run.next({}));
    while (taken.done !== true) taken = await past(taken.value);
    await orEnded(check(taken.value));
    signal.throwIfAborted();
    return keep(taken.value);
  }

  function failed(error: unknown): void {
    const known = error instanceof GatewayError ? error : bug(error, log);
    ended.abort(known);
    // What the bridge throws at that is nobody's business any more.
    run.return(undefined as never).catch(() => undefined);
    become({ is: 'failed', error: told(known, worded) });
  }

  const stopTimer = clock.after(lastsMs, () => ended.abort(late()));
  drive()
    .then((login) => become({ is: 'done', login }), failed)
    .finally(() => {
      stopTimer();
      onOver();
    })
    .catch((error: unknown) => log.error({ error }, 'a login could not be ended'));

  return {
    get stage() {
      return stage;
    },
    id,
    get isTouched() {
      return answers > 0;
    },
    answer(answer) {
      if (answered === undefined) return;
      answers++;
      answered(answer);
    },
    async next(after, withinMs, asking) {
      const isNews = (): boolean => stage !== after && stage.is !== 'working';
      if (isNews()) return stage;
      const done = new AbortController();
      const changed = new Promise<void>((resolve) => {
        const wake = (): void => (isNews() ? resolve() : undefined);
        waiting.add(wake);
        done.signal.addEventListener('abort', () => waiting.delete(wake), { once: true });
      });
      const enough = clock.sleep(withinMs, AbortSignal.any([done.signal, asking])).catch(() => undefined);
      await Promise.race([changed, enough]);
      done.abort();
      return stage;
    },
    whenUnseen(tell) {
      unseen = tell;
    },
    cancel: (reason = canceled()) => ended.abort(reason),
  };
}

/** Whoever shows it need not know what the network's bridge says in other languages. */
function told(error: GatewayError, worded: FlowParts['worded']): GatewayError {
  const { text, lang } = error.details;
  if (text === undefined || lang !== undefined) return error;
  const said = worded(text);
  return said.lang === undefined ? error : new GatewayError(error.code, { ...error.details, ...said });
}

/** Asked once more with what was filled in, secrets excepted: only what was wrong has to be typed again. */
function refilled(form: LoginForm, answer: LoginAnswer): LoginForm {
  const fields = form.fields.map((field): FormField => {
    const value = field.type === 'secret' ? undefined : answer[field.name];
    return value === undefined || value === null ? field : { ...field, value };
  });
  return { ...form, fields };
}

function bug(error: unknown, log: Log): GatewayError {
  const reference = Math.random().toString(36).slice(2, 10);
  log.error({ error, reference }, 'a login met a bug');
  return new GatewayError('bug', { text: `Internal error ${reference}; the operator's log has more` });
}
