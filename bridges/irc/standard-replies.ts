/** FAIL, WARN and NOTE (IRCv3 standard replies): a failure reaches whoever asked, by its label or by what it is about; all else the account's owner. */
import type { Core } from './core.ts';
import { failure } from './refusals.ts';
import type { Line } from './wire/line.ts';

/** `FAIL command code context… :description`. */
export function onFail(core: Core, line: Line): void {
  const label = core.batches.labelOf(line);
  const command = (line.params[0] ?? '').toUpperCase();
  if (core.receipts.refused(line, label) || (label !== undefined && core.asks.refused(line, label))) return;
  if (command === 'JOIN' && core.joins.failed(line)) return;
  if (core.asks.failed(line, failure(line))) return;
  onWarning(core, line);
}

/** WARN and NOTE, and failures of nothing that anybody waits for. */
export function onWarning(core: Core, line: Line): void {
  if (core.batches.labelOf(line) !== undefined && core.answers.heard(line)) return;
  const command = line.params[0] ?? '';
  core.notices.from(command === '*' ? '' : command, line.params.at(-1) ?? '');
}
