/** XEP-0500 MUC Slow Mode, version 0.1.1: how long somebody has to wait in a room before they speak again (§5.2). */
import { valueField } from './0004-data-forms.ts';

/** Of a room's information; 0: it is off. */
export const slowModeField = (seconds: number) =>
  valueField('muc#roominfo_slow_mode_duration', [String(seconds)], 'text-single');
