/**
 * The subjects of a MUC and of the network's room: what somebody changes goes to the other side, also what was changed while one of them was away. What
 * merely stands there goes nowhere, but over none at all.
 */
import type { Line } from './muc-stanzas.ts';

export interface Subjects {
  /** We come in anew. @param heardAt what the MUC says to have been set behind that was changed while we were not there, epoch milliseconds */
  begin(heardAt: number): void;
  /** The MUC tells its own: has somebody changed it? */
  told(line: Pick<Line, 'nick' | 'at'>, text: string): boolean;
  /** Is the MUC to be told that one of the network's now? @param isNew somebody changed it @param isReady it is known what the MUC has; else it is kept until then */
  takes(text: string, isNew: boolean, isReady: boolean): boolean;
  /** What the MUC is still to be told, now that it is known what it has; undefined: nothing. */
  owed(): string | undefined;
  /** The MUC did not take what it was told. */
  refused(): void;
  /** The two are joined from here on. */
  settle(): void;
}

/** Most services stamp whole seconds (XEP-0082): the last moment of that one. */
export const latestOf = (at: number): number => (at % 1000 === 0 ? at + 999 : at);

/** @param isOurs is that what our occupant is called in the MUC, or was? */
export function createSubjects(isOurs: (nick: string) => boolean): Subjects {
  /** undefined: the MUC has not told it yet. */
  let current: string | undefined;
  let behind = Number.POSITIVE_INFINITY;
  /** What the MUC was told and has not said back, or is to be told. */
  let pending: string | undefined;

  /** Where nothing is known of before, its time says it. A room that has none, and nobody who took it away, may have forgotten it. */
  function isChange({ nick, at }: Pick<Line, 'nick' | 'at'>, text: string): boolean {
    if (isOurs(nick) || (nick === '' && text === '')) return false;
    return current === undefined ? at !== undefined && latestOf(at) > behind : text !== current;
  }

  function takes(text: string, isNew: boolean, isReady: boolean): boolean {
    if (!isReady) {
      if (isNew) pending = text;
      return false;
    }
    if (text === (pending ?? current) || (!isNew && current !== '')) return false;
    pending = text;
    return true;
  }

  return {
    begin(heardAt) {
      behind = heardAt;
    },
    told(line, text) {
      const isNew = isChange(line, text);
      // What stands there when we come in may be ours of earlier.
      const isSaidBack = isOurs(line.nick) && (line.at === undefined || text === pending);
      if (isNew || isSaidBack) pending = undefined;
      current = text;
      return isNew;
    },
    takes,
    owed() {
      const text = pending;
      pending = undefined;
      return text !== undefined && takes(text, true, true) ? text : undefined;
    },
    refused() {
      pending = undefined;
    },
    settle() {
      current ??= '';
    },
  };
}
