/** What a message shows as in XMPP: its body, its formatting, its thread and its files. */
import type { Content } from '../../core/content.ts';
import { type Xml, xml } from '../../xml/writer.ts';
import { actionBody } from '../../xmpp/xep/0245-me.ts';
import { shifted } from './read-marks.ts';
import { writeMarks } from './write-marks.ts';

/** The text that clients show: "/me" for actions (XEP-0245), addresses of files behind it. */
export function textOfContent({ text, files, action }: Content<unknown>): string {
  const plain = text === undefined ? '' : action === true ? actionBody(text.plain) : text.plain;
  if (files === undefined || files.length === 0) return plain;
  const urls = files.map((file) => file.url).join('\n');
  return plain === '' ? urls : `${plain}\n${urls}`;
}

/** The formatting of what `textOfContent` says. */
function marksOf({ text, action }: Content<unknown>): Xml | undefined {
  if (text === undefined) return undefined;
  if (action !== true) return writeMarks(text);
  const plain = actionBody(text.plain);
  return writeMarks({ plain, marks: shifted(text.marks, plain.length - text.plain.length) });
}

/** `<body/>` and what else the content shows as; undefined where there is nothing to show. */
export function bodyOf(content: Content<unknown>): Xml | undefined {
  const text = textOfContent(content);
  if (text === '') return undefined;
  const marks = marksOf(content);
  if (content.files === undefined && content.thread === undefined) return xml`<body>${text}</body>${marks}`;
  const files = content.files ?? [];
  const thread = content.thread === undefined ? undefined : xml`<thread>${content.thread}</thread>`;
  const urls = files.map(({ url }) => xml`<x xmlns='jabber:x:oob'><url>${url}</url></x>`);
  return xml`<body>${text}</body>${marks}${thread}${urls}`;
}
