/** XEP-0055 Jabber Search, version 1.3: by form alone (§3). */
import { childText, element, maybe } from '../codec.ts';
import { dataForm } from './0004-data-forms.ts';

export const SEARCH = 'jabber:iq:search';

export const search = element(SEARCH, 'query', { instructions: childText('instructions'), form: maybe(dataForm) });
