/** XEP-0363 HTTP File Upload, version 1.2.0: how a service is known (§3), asking it for a slot (§4) and what may be said with the upload (§9.2). */
import type { Element } from '../../xml/element.ts';
import { child, children, textOf } from '../../xml/query.ts';
import { type Xml, xml } from '../../xml/writer.ts';
import { type DataForm, firstValueOf, formTypeOf } from './0004-data-forms.ts';

/** Also the feature of the service, and the kind of its form. */
export const HTTP_UPLOAD = 'urn:xmpp:http:upload:0';

/** What is to be put there. */
export interface UploadFile {
  readonly name: string;
  /** A media type. */
  readonly type: string;
  /** Octets. */
  readonly size: number;
}

/** Where it is put, what is said with it, and where it can be had then. */
export interface Slot {
  readonly put: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly get: string;
}

/** §4 */
export const slotRequest = ({ name, type, size }: UploadFile): Xml =>
  xml`<request xmlns='urn:xmpp:http:upload:0' filename=${name} size=${size} content-type=${type}/>`;

const allowed: ReadonlySet<string> = new Set(['authorization', 'cookie', 'expires']);
const headersAtMost = 10;
const longestHeader = 8_000;
const longestAddress = 2_000;

function headerOf(header: Element): readonly (readonly [string, string])[] {
  const name = (header.attrs.name ?? '').replace(/[\r\n]/g, '');
  const value = textOf(header)
    .replace(/[\r\n]/g, '')
    .trim();
  return allowed.has(name.toLowerCase()) && value.length <= longestHeader ? [[name, value]] : [];
}

/** The answer; undefined: it is none that could be used. */
export function slotIn(answer: Element | undefined): Slot | undefined {
  if (answer?.name !== 'slot' || answer.ns !== HTTP_UPLOAD) return undefined;
  const put = child(answer, 'put');
  const [to = '', from = ''] = [put?.attrs.url, child(answer, 'get')?.attrs.url];
  if (put === undefined || to.length > longestAddress || from.length > longestAddress) return undefined;
  if (!URL.canParse(to) || !/^https?:\/\//i.test(from) || !URL.canParse(from)) return undefined;
  return { put: to, headers: children(put, 'header').flatMap(headerOf).slice(0, headersAtMost), get: from };
}

/** §3: how much the service takes at once, octets; undefined: it does not say. */
export function largestIn(forms: readonly DataForm[]): number | undefined {
  const form = forms.find((one) => formTypeOf(one) === HTTP_UPLOAD);
  const size = Number((form && firstValueOf(form, 'max-file-size')) ?? Number.NaN);
  return Number.isSafeInteger(size) && size > 0 ? size : undefined;
}
