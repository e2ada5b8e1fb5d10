/** The same scenarios with ejabberd as the XMPP server: it bounces, routes and closes differently. */
import { playAll } from '../harness/scenario.ts';
import { themes } from './scenarios/index.ts';

playAll('one process, ejabberd, ngIRCd', { server: 'ejabberd', ircd: 'ngircd' }, themes);
