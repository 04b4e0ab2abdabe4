// How long things are kept: written from the domain's own table (`retention.json`), by which they are erased.
import table from './retention.json';

export const kept = table.kept;
export const afterClosure = table.after_closure;
/** How long what somebody reports is kept. */
export const reportsKept = table.kept.find((line) => line.what.startsWith('les signalements'))?.keeps;
