/** A command that is under way: its run, the form that waits, and the way back to an earlier one, for which the run begins anew with fewer answers. */
import type { CommandForm, CommandResult, CommandRun, FormAnswer } from '../../bridge/commands.ts';
import { GatewayError } from '../../core/errors.ts';

/** Thrown into a run whose client says that it wants no more of it; one that went away says nothing. */
export class Canceled extends Error {}

/** What the last step came to. */
export type Stage =
  | { readonly is: 'asked'; readonly form: CommandForm; readonly canGoBack: boolean }
  | { readonly is: 'over'; readonly result: CommandResult };

export interface Ongoing {
  /** To the first form, or to the end where nothing has to be asked. */
  begin(): Promise<Stage>;
  answer(answer: FormAnswer): Promise<Stage>;
  /** The form before this one. */
  goBack(): Promise<Stage>;
  /** Whoever began it says that it is not wanted. */
  cancel(): void;
  /** Nobody will answer any more. */
  abandon(): void;
}

/**
 * @param start begins a run; called again for each way back
 * @param worded what an error says to whoever began it
 * @param done called with all answers when it has come to its end
 */
export function createOngoing(
  start: () => CommandRun,
  worded: (error: GatewayError) => string,
  done?: (answers: readonly FormAnswer[], result: CommandResult) => void,
): Ongoing {
  let run = start();
  let answers: FormAnswer[] = [];

  /** What the network or a store refuses is how the command ended (CHECKLIST 050-08); a bug is for whoever asked us. */
  async function step(next: () => ReturnType<CommandRun['next']>): Promise<Stage> {
    try {
      const { done: isOver, value } = await next();
      if (isOver !== true)
        return { is: 'asked', form: value, canGoBack: answers.length > 0 && value.isSettled !== true };
      done?.(answers, value);
      return { is: 'over', result: value };
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return { is: 'over', result: { notes: [{ is: 'error', text: worded(error) }] } };
    }
  }

  /** The first `next` of a generator takes nothing. */
  const begin = (): Promise<Stage> => step(() => run.next({}));

  return {
    begin,
    answer(answer) {
      answers.push(answer);
      return step(() => run.next(answer));
    },
    async goBack() {
      const again = answers.slice(0, -1);
      abandon(run);
      run = start();
      answers = [];
      let stage = await begin();
      for (const answer of again) {
        if (stage.is === 'over') break;
        answers.push(answer);
        stage = await step(() => run.next(answer));
      }
      return stage;
    },
    cancel() {
      run.throw(new Canceled()).catch(() => undefined);
    },
    abandon: () => abandon(run),
  };
}

/** Lets what the run holds go; what it throws at that is nobody's business any more. */
function abandon(run: CommandRun): void {
  run.return({}).catch(() => undefined);
}
