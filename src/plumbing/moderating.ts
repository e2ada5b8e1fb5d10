/**
 * What moderators of the network take back of the MUC's own people is taken back in the MUC too (XEP-0425 §3), where its service knows that and our occupant
 * may: who gives it that rank wants it.
 */
import type { ClientIq, IqAnswer } from '../gateway/client-iqs.ts';
import { moderate, moderateAsOfOld } from '../xmpp/xep/0425-moderation.ts';

export interface Moderating {
  /** @param name what the MUC's archive calls it */
  takeBack(name: string, reason: string | undefined): Promise<void>;
  /** It was taken back on the network: what the MUC says of that is no news there. */
  isTakenBack(name: string): boolean;
}

export interface ModeratingParts {
  readonly muc: string;
  /** Our occupant's address. */
  readonly from: string;
  ask(iq: ClientIq, withinMs: number): Promise<IqAnswer | undefined>;
  /** It still stands there: the condition of the error. */
  onRefused(condition: string): void;
}

const answersWithinMs = 20_000;
const rememberedAtMost = 500;

export function createModerating({ muc, from, ask, onRefused }: ModeratingParts): Moderating {
  const takenBack = new Set<string>();

  const asked = (payload: ClientIq['payload']): Promise<IqAnswer | undefined> =>
    ask({ from, to: muc, type: 'set', payload }, answersWithinMs);

  return {
    async takeBack(name, reason) {
      if (takenBack.has(name)) return;
      takenBack.add(name);
      const [oldest] = takenBack;
      if (takenBack.size > rememberedAtMost && oldest !== undefined) takenBack.delete(oldest);
      // Without an archive it has no name that the MUC knows.
      if (name.includes('\n')) return onRefused('item-not-found');
      const because = reason === undefined ? {} : { reason };
      const answer = await asked(moderate.write({ id: name, retract: {}, ...because }));
      if (answer !== undefined && answer.condition === undefined) return;
      if (answer?.condition === 'forbidden') return onRefused('forbidden');
      const old = await asked(moderateAsOfOld(name, reason));
      if (old === undefined || old.condition !== undefined) onRefused(old?.condition ?? 'remote-server-timeout');
    },
    isTakenBack: (name) => takenBack.has(name),
  };
}
