/** Starts whichever IRC server a world is to have. */
import { type InspircdExtras, startInspircd, tlsName } from './inspircd.ts';
import type { Ircd, IrcdName } from './ircd.ts';
import { startHybrid } from './ircd-hybrid.ts';
import { startModern, startPlain } from './modern.ts';
import { startNgircd } from './ngircd.ts';
import { startWithServices } from './services.ts';

/** Each with nobody on it and no limits that a test would run into. @param extras of InspIRCd */
export function startIrcd(name: IrcdName, extras: InspircdExtras = {}): Promise<Ircd> {
  switch (name) {
    case 'ngircd':
      return startNgircd();
    case 'inspircd':
      return startInspircd(extras);
    case 'hybrid':
      return startHybrid();
    case 'services':
      return startWithServices();
    case 'modern':
      return startModern([tlsName, 'localhost']);
    case 'plain':
      return startPlain([tlsName, 'localhost']);
    default:
      return name satisfies never;
  }
}
