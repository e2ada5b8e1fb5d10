/** MODE lines from changes: as few as the server takes. */
import type { Core } from './core.ts';
import { compose } from './wire/compose.ts';

/** `+o` and whom, or a mode without an argument. */
export interface Mode {
  readonly change: string;
  readonly arg?: string;
}

/** Also where a server says that it takes any number. */
const mostAtOnce = 12;
const maxArgBytes = 350;

/** The changes in their order, each line at most MODES changes with an argument and well below 512 bytes. */
export function modeLines(core: Core, channel: string, modes: readonly Mode[]): readonly string[] {
  const most = Math.min(core.support.modesAtOnce, mostAtOnce);
  const lines: string[] = [];
  let letters = '';
  let args: string[] = [];
  let bytes = 0;
  const end = (): void => {
    if (letters !== '') lines.push(compose('MODE', channel, letters, ...args));
    letters = '';
    args = [];
    bytes = 0;
  };
  let sign = '';
  for (const { change, arg } of modes) {
    const size = arg === undefined ? 0 : Buffer.byteLength(arg) + 1;
    if (arg !== undefined && args.length > 0 && (args.length >= most || bytes + size > maxArgBytes)) end();
    if (letters === '' || change.charAt(0) !== sign) letters += change;
    else letters += change.slice(1);
    sign = change.charAt(0);
    if (arg !== undefined) args.push(arg);
    bytes += size;
  }
  end();
  return lines;
}
