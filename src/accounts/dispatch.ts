/** From a stanza to whoever deals with it: an answer on the spot, an account's outbox, an account's mailbox. Synchronous up to the append, so that order is kept. */
import type { Log } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { AccountId, ChatId } from '../core/ids.ts';
import type { Accepted, Appending, Outbox } from '../delivery/outbox.ts';
import { iqAnswer } from '../gateway/client-iqs.ts';
import { isFleeting } from '../gateway/decode/matters.ts';
import { forRefusal } from '../gateway/decode/refuse.ts';
import type { Decoded, Decoder, Outgoing, Stanza } from '../gateway/face.ts';
import type { ClientIqs } from './client-iqs.ts';
import { createHeldMail } from './held-mail.ts';
import type { Questions } from './questions.ts';
import type { Spend } from './quotas.ts';
import type { Runner } from './runner.ts';

export interface DispatchParts {
  readonly decoder: Decoder;
  readonly runner: Runner;
  readonly outbox: Outbox;
  readonly iqs: Pick<ClientIqs, 'answered'>;
  /** What is for the gateway itself: true where nobody else is concerned. Absent: nothing is. */
  hear?(stanza: Stanza): boolean;
  readonly questions: Questions;
  readonly send: (stanzas: readonly Outgoing[]) => void;
  /** Has whoever runs that account then look into its outbox. */
  readonly wake: (account: AccountId, chat: ChatId, afterMs: number) => Promise<void>;
  /** Throws the GatewayError due where its sender says too much. */
  readonly spend: Spend;
  readonly log: Log;
}

type Durable = Extract<Decoded, { is: 'durable' }>;
type Mailed = Extract<Decoded, { is: 'mail' }>;

/** When an account could not be started for what was accepted. */
const lookAgainMs = 5_000;

/** What becomes of that which is being appended. @param comes it is a join that was counted as coming */
interface Hands {
  accepted(decoded: Durable, comes: boolean, was: Accepted): void;
  refused(decoded: Durable, comes: boolean, stanza: Stanza, error: unknown): void;
}

/** All that is kept of a stanza until its append is answered: an object of a class, for thousands wait in a blast, and each garbage collection copies them. */
class Keeping implements Appending {
  readonly #hands: Hands;
  readonly #stanza: Stanza;
  readonly #decoded: Durable;
  readonly #comes: boolean;

  constructor(hands: Hands, stanza: Stanza, decoded: Durable, comes: boolean) {
    this.#hands = hands;
    this.#stanza = stanza;
    this.#decoded = decoded;
    this.#comes = comes;
  }

  accepted(was: Accepted): void {
    this.#hands.accepted(this.#decoded, this.#comes, was);
  }

  refused(error: unknown): void {
    this.#hands.refused(this.#decoded, this.#comes, this.#stanza, error);
  }
}

export function createDispatch({
  decoder,
  runner,
  outbox,
  iqs,
  hear,
  questions,
  send,
  wake,
  spend,
  log,
}: DispatchParts): (stanza: Stanza) => void {
  /** How many joins are on their way into an account's outbox: what is said right behind one is accepted too. */
  const coming = new Map<AccountId, number>();

  const held = createHeldMail({ runner, isComing: (id) => coming.has(id) });

  /** Whoever asked is told; what is no GatewayError is a bug, logged with a reference that the user can quote. */
  function refuse(stanza: Stanza, error: unknown): void {
    send(decoder.refuse(stanza, error instanceof GatewayError ? error : bug(error)));
  }

  /** Whoever waits for an answer asks again; what passes unheard anyway passes. */
  function restsNow(stanza: Stanza): void {
    if (stanza.kind === 'message' && isFleeting(stanza.el)) return;
    refuse(stanza, new GatewayError('maintenance', { text: 'The gateway is being restarted; try again in a moment' }));
  }

  function bug(error: unknown): GatewayError {
    const reference = Math.random().toString(36).slice(2, 10);
    log.error({ error, reference }, 'a stanza met a bug');
    return new GatewayError('bug', { text: `Internal error ${reference}; the operator's log has more` });
  }

  function isThere(id: AccountId): boolean {
    return runner.get(id) !== undefined || runner.isOpening(id) || runner.isResting(id) || coming.has(id);
  }

  function count(id: AccountId, by: 1 | -1): void {
    const now = (coming.get(id) ?? 0) + by;
    if (now > 0) coming.set(id, now);
    else coming.delete(id);
  }

  function accept(stanza: Stanza, decoded: Durable): void {
    const { account, intent, opens } = decoded;
    if (!opens && !isThere(account.id)) {
      send(decoder.absent(stanza));
      return;
    }
    spend(account.id, stanza.from.bare, intent);
    const comes = opens && intent.kind === 'join';
    if (comes) count(account.id, 1);
    outbox.append(account.id, intent, decoded.origin, new Keeping(hands, forRefusal(stanza), decoded, comes));
  }

  /** It is accepted: what goes wrong from here on must not become an error, for it will be tried. */
  function handOn({ account, intent, origin }: Durable, accepted: Accepted): void {
    const running = runner.get(account.id);
    if (accepted.is === 'again') {
      if (accepted.result !== undefined) running?.mail({ is: 'again', intent, origin, result: accepted.result });
      return;
    }
    if (running !== undefined) {
      running.offer({ key: accepted.key, behind: accepted.behind, intent, origin });
      return;
    }
    const lookAgain = (afterMs: number) => wake(account.id, intent.chat, afterMs);
    runner
      .open(account)
      .then(
        (opened) => (opened === undefined ? lookAgain(0) : undefined),
        (error: unknown) => {
          log.error({ account: account.id, error }, 'an account could not be started; it is tried again');
          return lookAgain(lookAgainMs);
        },
      )
      .catch((error: unknown) => log.error({ account: account.id, error }, 'a wake-up could not be stored'));
  }

  const hands: Hands = {
    accepted(decoded, comes, was) {
      handOn(decoded, was);
      if (comes) count(decoded.account.id, -1);
      held.look(decoded.account);
    },
    refused(decoded, comes, stanza, error) {
      if (comes) count(decoded.account.id, -1);
      refuse(stanza, error);
      held.look(decoded.account);
    },
  };

  function dispatch(stanza: Stanza): void {
    if (hear?.(stanza) === true) return;
    const answer = iqAnswer(stanza);
    if (answer !== undefined && iqs.answered(answer)) return;
    take(stanza, decoder.decode(stanza));
  }

  function take(stanza: Stanza, decoded: Decoded): void {
    switch (decoded.is) {
      case 'answer':
        send(decoded.stanzas);
        break;
      case 'durable': {
        const before = held.queue(decoded.account);
        if (before === undefined) accept(stanza, decoded);
        // Decoded anew in its turn: a join has come later than the leave before it, by the clock too.
        else before.push(safely(stanza, () => take(stanza, decoder.decode(stanza))));
        break;
      }
      case 'mail':
        if (decoded.besides !== undefined) send(decoded.besides);
        mail(stanza, decoded);
        break;
      case 'question': {
        const { account, question, besides } = decoded;
        if (besides !== undefined) send(besides);
        const running = runner.get(account.id);
        questions.ask(account, stanza, question, running?.session, running?.live);
        break;
      }
      case 'ignored':
        break;
      default:
        decoded satisfies never;
    }
  }

  function mail(stanza: Stanza, decoded: Mailed): void {
    const { account, absent } = decoded;
    if (
      held.holds(
        account,
        safely(stanza, () => mail(stanza, decoded)),
      )
    )
      return;
    const running = runner.get(account.id);
    if (running !== undefined) running.mail({ is: 'stanza', stanza });
    else if (runner.isResting(account.id)) restsNow(stanza);
    else if (absent === undefined) send(decoder.absent(stanza));
    else questions.ask(account, stanza, absent, undefined);
  }

  const safely = (stanza: Stanza, act: () => void) => (): void => {
    try {
      act();
    } catch (error) {
      refuse(stanza, error);
    }
  };

  return (stanza) => {
    try {
      dispatch(stanza);
    } catch (error) {
      refuse(stanza, error);
    }
  };
}
