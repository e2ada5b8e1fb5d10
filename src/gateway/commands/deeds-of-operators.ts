/** What operators did by commands, for the log: who, which, where and to whom; neither words of theirs nor passwords. */
import type { CommandResult, FormAnswer } from '../../bridge/commands.ts';
import type { Here, Offer } from './command.ts';
import { textsOf } from './values.ts';

/** What an operator's command was, and what was filled into it. */
export interface Deed {
  readonly operator: string;
  readonly command: string;
  /** The address at which it was run, for people. */
  readonly at: string;
  readonly [field: string]: string;
}

/** Fields that hold people, MUCs, or what is to be so; all others may hold what is said, or secrets. */
const told = ['accountjids', 'accountjid', 'jids', 'admits', 'muc', 'level', 'state', 'what'] as const;

/** For a run of that command; undefined: it is everybody's. What was looked at, refused, or given up at the last question, is no deed. */
export function deedOf({ command, word }: Offer, { asker, title, powers }: Here) {
  if (command.adminsOnly !== true) return undefined;
  return (answers: readonly FormAnswer[], { notes = [] }: CommandResult): void => {
    const isRefused = notes.length > 0 && notes.every(({ is }) => is === 'error');
    if (answers.length === 0 || isRefused || answers.some(({ confirm }) => confirm === false)) return;
    const fields = answers.flatMap((answer) =>
      told.flatMap((name) =>
        answer[name] === undefined ? [] : [[name, textsOf(answer[name] ?? undefined).join(' ')]],
      ),
    );
    powers.operating.did({ operator: asker, command: word, at: title, ...Object.fromEntries(fields) });
  };
}
