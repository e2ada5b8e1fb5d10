/** Texts on their way into mailboxes: those that come before the next flight leaves go as one call, which is safe to be sent twice. */
import { randomBytes } from 'node:crypto';
import type { Place } from '../process-ports.ts';
import { type Batch, type Call, evaluate, type Load, script } from './batch.ts';
import { type Names, postedBy, postOf } from './keys.ts';
import postText from './lua/post.lua';

const postScript = script(postText);
/** A script keeps everything else in Redis waiting: with more arguments than this, another call begins. */
const mostArgs = 2_000;
/** How long the last calls are remembered, in case that they are sent again. */
const rememberedMs = '86400000';

export interface Puts {
  /** Resolves with a letter, as lua/post.lua says it. */
  put(worker: string, texts: readonly string[], place: Place | undefined): Promise<string>;
}

/** Of this process. @param cap texts that a mailbox holds */
export function createPuts(batch: Pick<Batch, 'add'>, names: Names, cap: number): Puts {
  const posted = postedBy(names, randomBytes(9).toString('base64url'));
  /** Calls that have left, in all and without an answer: those are of one flight. */
  let calls = 0;
  let unanswered = 0;
  let open: Gathering | undefined;

  function seal(gathering: Gathering): Call {
    if (open === gathering) open = undefined;
    const { keys, args } = gathering;
    const isFirst = unanswered++ === 0;
    const head = [String(++calls), isFirst ? '1' : '', rememberedMs, String(cap)];
    return evaluate(postScript, [names.workers, names.heard, posted, ...keys], [...head, ...args]);
  }

  function loadOf(gathering: Gathering): Load {
    return {
      key: posted,
      seal: () => seal(gathering),
      done(answer) {
        unanswered--;
        for (const [i, { resolve }] of gathering.waiting.entries()) resolve(String(answer)[i] ?? '');
      },
      failed(error) {
        unanswered--;
        if (open === gathering) open = undefined;
        for (const { reject } of gathering.waiting) reject(error);
      },
    };
  }

  return {
    put(worker, texts, place) {
      const into = open === undefined || open.args.length > mostArgs ? { keys: [], args: [], waiting: [] } : open;
      const { keys, args, waiting }: Gathering = into;
      const key = postOf(names, worker);
      const known = keys.indexOf(key);
      const at = known < 0 ? keys.push(key) - 1 : known;
      args.push(String(at + 4), worker, place?.account ?? '', place?.behind ?? '', String(place?.fence ?? ''));
      args.push(String(texts.length), ...texts);
      const answered = Promise.withResolvers<string>();
      waiting.push(answered);
      if (into !== open) {
        open = into;
        batch.add(loadOf(into));
      }
      return answered.promise;
    },
  };
}

/** What goes as one call. */
interface Gathering {
  /** Mailboxes. */
  readonly keys: string[];
  readonly args: string[];
  readonly waiting: PromiseWithResolvers<string>[];
}
