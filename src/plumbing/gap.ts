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

export interface Gap {
  /** All of it, oldest first, at most so many; what the archive has since then where it does not know that message. undefined: the MUC has none. */
  fetch(after: Seen): Promise<readonly Line[] | undefined>;
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
  let asked: { readonly id: string; readonly lines: Line[] } | undefined;

  /** `unknown`: it does not keep the message that this is to begin behind. */
  async function page(after: Seen, last: string | undefined): Promise<Page | 'unknown' | undefined> {
    const id = newId();
    const lines: Line[] = [];
    asked = { id, lines };
    const behind = last ?? after.id;
    const form: DataForm = typedForm(
      'submit',
      MAM,
      behind === undefined ? [valueField('start', [writeStamp(new Date(after.at))])] : [],
    );
    const set = { max: pageSize, ...(behind !== undefined && { after: behind }) };
    const answer = await ask(mamQuery.write({ queryid: id, form, set, flipPage: false }));
    if (asked.id === id) asked = undefined;
    if (answer?.condition === 'item-not-found' && behind !== undefined) return 'unknown';
    const end = answer?.payload === undefined ? undefined : fin.read(answer.payload);
    if (end === undefined) return undefined;
    return { lines, complete: end.complete === true, ...(end.set.last !== undefined && { last: end.set.last }) };
  }

  async function fetch(after: Seen): Promise<readonly Line[] | undefined> {
    const all: Line[] = [];
    let last: string | undefined;
    for (let pages = 0; pages < pagesAtMost; pages++) {
      const told = await page(after, last);
      // What was heard last may have been so long ago that it is kept no more.
      if (told === 'unknown' && pages === 0) return fetch({ at: after.at });
      if (told === undefined || told === 'unknown') return pages === 0 ? undefined : all;
      all.push(...told.lines);
      if (told.complete || told.last === undefined || told.lines.length === 0) return all;
      last = told.last;
    }
    return all;
  }

  return {
    fetch,
    told(message) {
      const result = child(message, 'result', MAM);
      if (result === undefined) return false;
      const forwarded = child(result, 'forwarded', 'urn:xmpp:forward:0');
      const said = forwarded?.children.find((one) => typeof one !== 'string' && one.name === 'message');
      if (asked === undefined || result.attrs.queryid !== asked.id || forwarded === undefined) return true;
      if (said === undefined || typeof said === 'string' || asked.lines.length >= pageSize) return true;
      asked.lines.push(readLine(said, muc, result.attrs.id, delay.in(forwarded)?.stamp.getTime()));
      return true;
    },
  };
}
