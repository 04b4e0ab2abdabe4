// Addresses that come from outside.

/** Where to go next, if it is on this site; home otherwise. */
export function localAddress(wanted: string | null, origin: string): string {
  if (!wanted || !URL.canParse(wanted, origin)) return '/';
  const address = new URL(wanted, origin);
  // `/.//elsewhere` is on this site and its path alone would not be.
  const here = address.origin === origin && !address.pathname.startsWith('//');
  return here ? address.pathname + address.search + address.hash : '/';
}
