// Who runs the site: one record, written from the domain's own (`platform.json`), of which functions write
// mails and invoices. A stage that is a trial is built with another.
import ours from './platform.json';

declare const __PLATFORM_IDENTITY__: string;

const given: Partial<typeof ours> = __PLATFORM_IDENTITY__ ? JSON.parse(__PLATFORM_IDENTITY__) : {};

export const platform = { ...ours, ...given };

/** Three digits by three, as SIREN are read. */
export const grouped = (digits: string) => digits.replace(/(\d{3})(?=\d)/g, '$1\u00a0');

/** `SAS`, spelt out where it is known. */
export const legalForm = (form: string) => (form === 'SAS' ? 'société par actions simplifiée' : form);

/** The court's town in `RCS Versailles`. */
export const court = (registry: string) => registry.replace(/^RCS /, '');

export const seat = `${platform.address.street}, ${platform.address.postal_code} ${platform.address.town}`;
