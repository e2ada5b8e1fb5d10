/** What a MUC said while the herald was not in it: from its archive (XEP-0313) where it has one, behind the last message that was seen. */
import type { IqAnswer } from '../gateway/client-iqs.ts';
import type { Element } from '../xml/element.ts';
import { child } from '../xml/query.ts';
import type { Xml } from '../xml/writer.ts';
import type { DataForm } from '../xmpp/xep/0004-data-forms.ts';
import { typedForm, valueField } from '../xmpp/xep/0004-data-forms.ts';
import { writeStamp } from '../xmpp/xep/0082-stamps.ts';
import { delay } from '../xmpp/xep/0203-delay.ts';
import { fin, MAM, mamQuery } from '../xmpp/xep/0313-mam.ts';
import { type Line, readLine } from './muc-stanzas.ts';

/** Where a gap begins. */
export interface Seen {
  readonly id?: string;
  readonly at: number;
}

export interface GapParts {
  readonly muc: string;
  /** Asks the MUC; undefined: no answer. What it tells before the answer comes by `told`. */
  ask(payload: Xml): Promise<Pick<IqAnswer, 'payload' | 'condition'> | undefined>;
  newId(): string;
}

/** What was said in it, oldest first. */
export interface Missed {
  readonly lines: readonly Line[];
  /** There is no more; else these are some at least, and the rest is behind them. */
  readonly isWhole: boolean;
}

export interface Gap {
  /** What the archive has since then, where it does not know that message. undefined: the MUC has none, or gives no answer. */
  fetch(after: Seen): Promise<Missed | undefined>;
  /** A message that may be part of a page; true where it is. */
  told(message: Element): boolean;
}

const pageSize = 100;
const pagesAtMost = 20;

interface Page {
  readonly lines: readonly Line[];
  readonly complete: boolean;
  readonly last?: string;
}

export function createGap({ muc, ask, newId }: GapParts): Gap {
  /** By the query's id: who came in anew asks while an answer to who was in before is still on its way. */
  const asked = new Map<string, Line[]>();

  /** `unknown`: it does not keep the message that this is to begin behind. */
  async function page(after: Seen, last: string | undefined): Promise<Page | 'unknown' | undefined> {
    const id = newId();
    const lines: Line[] = [];
    asked.set(id, lines);
    const behind = last ?? after.id;
    const form: DataForm = typedForm(
      'submit',
      MAM,
      behind === undefined ? [valueField('start', [writeStamp(new Date(after.at))])] : [],
    );
    const set = { max: pageSize, ...(behind !== undefined && { after: behind }) };
    const answer = await ask(mamQuery.write({ queryid: id, form, set, flipPage: false }));
    asked.delete(id);
    if (answer?.condition === 'item-not-found' && behind !== undefined) return 'unknown';
    const end = answer?.payload === undefined ? undefined : fin.read(answer.payload);
    if (end === undefined) return undefined;
    return { lines, complete: end.complete === true, ...(end.set.last !== undefined && { last: end.set.last }) };
  }

  async function fetch(after: Seen): Promise<Missed | undefined> {
    const lines: Line[] = [];
    let last: string | undefined;
    for (let pages = 0; pages < pagesAtMost; pages++) {
      const told = await page(after, last);
      // What was heard last may have been so long ago that it is kept no more.
      if (told === 'unknown' && pages === 0) return fetch({ at: after.at });
      if (told === undefined || told === 'unknown') return pages === 0 ? undefined : { lines, isWhole: false };
      lines.push(...told.lines);
      if (told.complete || told.last === undefined || told.lines.length === 0) return { lines, isWhole: true };
      last = told.last;
    }
    return { lines, isWhole: false };
  }

  return {
    fetch,
    told(message) {
      const result = child(message, 'result', MAM);
      if (result === undefined) return false;
      const forwarded = child(result, 'forwarded', 'urn:xmpp:forward:0');
      const said = forwarded?.children.find((one) => typeof one !== 'string' && one.name === 'message');
      const lines = asked.get(result.attrs.queryid ?? '');
      if (lines === undefined || forwarded === undefined) return true;
      if (said === undefined || typeof said === 'string' || lines.length >= pageSize) return true;
      lines.push(readLine(said, muc, result.attrs.id, delay.in(forwarded)?.stamp.getTime()));
      return true;
    },
  };
}
