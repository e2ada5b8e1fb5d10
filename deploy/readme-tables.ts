/** The generated tables of README.md: the XEPs by the first lines of src/xmpp/xep/, the errors by src/core/errors.ts. A test compares; UPDATE=1 rewrites. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorTable, type Next } from '../src/core/errors.ts';

/** `text` with its tables brought up to date. @param xeps the directory with a file for each XEP */
export function withTables(text: string, xeps: string): string {
  return between(between(text, 'xeps', xepTable(xeps)), 'errors', errorRows());
}

function between(text: string, name: string, table: string): string {
  const [before, after] = [text.indexOf(`<!-- ${name} -->`), text.indexOf(`<!-- /${name} -->`)];
  if (before === -1 || after < before) throw new Error(`there is no place for ${name}`);
  return `${text.slice(0, before)}<!-- ${name} -->\n${table}\n${text.slice(after)}`;
}

/** A header says: XEP-NNNN Title, version X: which part. */
const header = /^\/\*\* XEP-(\d{4}) (.+?), version ([\d.]+)(?:: (.*?))?\s*(?:\*\/)?$/;

function xepTable(directory: string): string {
  const rows = readdirSync(directory)
    .filter((name) => /^\d{4}-.*\.ts$/.test(name))
    .sort()
    .map((name) => {
      const [first = ''] = readFileSync(join(directory, name), 'utf8').split('\n', 1);
      const [, number, title, version, part = ''] = header.exec(first) ?? [];
      if (number === undefined || number !== name.slice(0, 4))
        throw new Error(`${name} does not say which XEP it is: ${first}`);
      return `| [${number}](https://xmpp.org/extensions/xep-${number}.html) | ${title} | ${version} | ${cell(forReaders(part).replace(/\.$/, ''))} |`;
    });
  return [
    '| XEP | title | version | what of it |',
    '|---|---|---|---|',
    '| [0114](https://xmpp.org/extensions/xep-0114.html) | Jabber Component Protocol | 1.6 | the stream to the server |',
    ...rows,
  ].join('\n');
}

const next: Readonly<Record<Next, string>> = { later: 'tries again', pause: 'waits', stop: 'tells' };

function errorRows(): string {
  const rows = Object.entries(errorTable).map(
    ([code, [type, condition, then]]) => `| ${code} | ${type} | ${condition} | ${next[then]} |`,
  );
  return ['| error | type | condition (RFC 6120) | Isthmus |', '|---|---|---|---|', ...rows].join('\n');
}

/** Without the numbers of requirements, which say nothing to who has not got the list. */
const forReaders = (text: string): string => text.replaceAll(/ \(CHECKLIST [^)]*\)/g, '');

const cell = (text: string): string => text.replaceAll('|', '\\|');
