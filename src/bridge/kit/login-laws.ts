/** The laws of logging in, for bridges whose users have accounts (bridges/README.md). Free of any test runner, as the others. */
import type { LoggedIn, LoginAnswer, LoginForm, LoginPlace, LoginRun } from '../login.ts';
import { ensure } from './laws.ts';

/** A network whose login begins with a form. */
export interface LoginSubject {
  login(place: LoginPlace): LoginRun;
  /** As the gateway does; rejects where the network does not take it. */
  verify(kept: LoggedIn): Promise<void>;
  /** To the first form: an answer that the network refuses, and one that it takes at once. */
  readonly wrong: LoginAnswer;
  readonly right: LoginAnswer;
  /** Throws where something of a login that was given up is left on the network. */
  nothingLeft?(): void;
}

/** As `Law`, of a login. */
export interface LoginLaw {
  readonly name: string;
  check(subject: LoginSubject): Promise<void>;
}

function begin(subject: LoginSubject) {
  const ended = new AbortController();
  const { verify } = subject;
  const place: LoginPlace = {
    owner: 'kit@kit.test',
    language: 'en',
    settings: async () => ({}),
    signal: ended.signal,
    verify,
  };
  return { run: subject.login(place), ended };
}

async function formOf(step: ReturnType<LoginRun['next']>): Promise<LoginForm> {
  const { done, value } = await step;
  ensure(done !== true && value.ask === 'form', 'a form is asked');
  return value;
}

export const loginLaws: readonly LoginLaw[] = [
  {
    name: 'a form’s fields have names of their own, and choices that differ',
    async check(subject) {
      const { run } = begin(subject);
      const { fields } = await formOf(run.next({}));
      const differ = (names: readonly string[]): boolean => new Set(names).size === names.length && !names.includes('');
      ensure(fields.length > 0 && differ(fields.map(({ name }) => name)), 'no two fields have one name');
      for (const { choices = [], type, value } of fields) {
        ensure(differ(choices.map((choice) => `=${choice.value}`)), 'no two choices are the same');
        ensure(type !== 'secret' || value === undefined, 'a secret is never filled in before');
      }
      await run.return(undefined as never);
    },
  },
  {
    name: 'a wrong answer yields the same step again, and says what was wrong; the right one then ends it',
    async check(subject) {
      const { run } = begin(subject);
      const first = await formOf(run.next({}));
      const again = await formOf(run.next(subject.wrong));
      const names = (form: LoginForm): string => form.fields.map(({ name }) => name).join();
      ensure(names(again) === names(first), 'it is the same step');
      ensure(again.fault !== undefined && again.fault !== '', 'it says what was wrong');
      for (const value of Object.values(subject.wrong))
        ensure(typeof value !== 'string' || value.length < 6 || !again.fault.includes(value), 'it repeats no answer');
      const last = await run.next(subject.right);
      ensure(last.done === true && last.value.label !== '', 'the right answer ends it, and the account has a name');
      await subject.verify(last.value);
    },
  },
  {
    name: 'one that is given up ends, and leaves nothing',
    async check(subject) {
      const { run, ended } = begin(subject);
      await formOf(run.next({}));
      ended.abort(new Error('given up'));
      const { done } = await run.return(undefined as never);
      ensure(done === true, 'it is over');
      subject.nothingLeft?.();
    },
  },
];
