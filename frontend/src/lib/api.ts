// The API, as far as these pages call it. Amounts are integer cents, moments RFC 3339. A browser
// test holds every line of `routes` against /api/openapi.json.

export const routes = {
  suggestPlaces: 'GET /api/places',
  search: 'GET /api/search',
  readBooking: 'GET /api/bookings/{booking}',
  openCheckout: 'POST /api/bookings/{booking}/checkout',
  signIn: 'POST /api/session',
  refreshSession: 'POST /api/session/refresh',
  signOut: 'DELETE /api/session',
  verifyEmail: 'POST /api/accounts/verify-email',
  activate: 'POST /api/activations',
  changePassword: 'PUT /api/account/password',
  askPasswordReset: 'POST /api/password-resets',
  resetPassword: 'PUT /api/password-resets',
  resumeRegistration: 'POST /api/registrations/resume',
} as const;

/** `place` is what a search takes, `label` what people read. */
export type Place = { place: string; label: string; postal_code: string };

export type HourClass = 'day' | 'night' | 'sunday' | 'sunday_night' | 'holiday' | 'holiday_night';

export type PriceBreakdown = {
  lines: { class: HourClass; minutes: number; agents: number; hourly_rate: number; amount: number }[];
  travel: number;
  subtotal_excluding_tax: number;
  cnaps_tax: number;
  vat_rate: number;
  vat: number;
  professional_total: number;
  commission: number;
  total: number;
};

export type Sort = 'conseilles' | 'prix' | 'delai' | 'note';

export type Found = {
  offer: string;
  title: string;
  name: string;
  town: string;
  rating_label: string;
  total: number;
  price: PriceBreakdown;
  cnaps_tax: string;
  vat_mention: string | null;
  first_possible_start: string | null;
  cancellation_label: string;
};

export type SearchAnswer = {
  sorted_by: string;
  sort_explanation: string;
  results: Found[];
  next: string | null;
  notice: string;
};

export type BookingState =
  | 'awaiting_payment'
  | 'requested'
  | 'accepted'
  | 'completed'
  | 'validated'
  | 'refused'
  | 'expired'
  | 'cancelled'
  | 'abandoned';

export type MoneyStep = { step: string; label: string; done: boolean };

export type Booking = {
  id: string;
  reference: string;
  state: BookingState;
  state_label: string;
  payment: 'unpaid' | 'authorised' | 'captured' | 'released' | 'transferred';
  money_steps: MoneyStep[];
  professional_name: string;
  offer_title: string;
  activity: string;
  start: string;
  end: string;
  agents: number;
  place: { postal_code: string; town: string; department: string };
  price: PriceBreakdown;
  hold_until: string | null;
  respond_by: string | null;
  validates_itself_at: string | null;
  refusal_reason: string | null;
};

export type SignedIn = { role: string; must_change_password: boolean };

/** A refusal or a failure, with a sentence for people. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly field?: string,
  ) {
    super(detail);
  }
}

const UNREACHABLE =
  'Le service ne répond pas. Vérifiez votre connexion, puis réessayez : rien n’a été perdu.';
const BROKEN = 'Une erreur est survenue de notre côté. Réessayez dans un instant.';

/** What went wrong, as a problem to show. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, 'unexpected', BROKEN);
}

type Asked = {
  path?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  signal?: AbortSignal;
};

async function send(route: string, { path, query, body, signal }: Asked): Promise<Response> {
  const [method = 'GET', template = ''] = route.split(' ');
  const address = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path?.[name] ?? ''));
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  try {
    return await fetch(search ? `${address}?${search}` : address, {
      method,
      headers: {
        accept: 'application/json, application/problem+json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Problem(0, 'unreachable', UNREACHABLE);
  }
}

async function read<Answer>(response: Response): Promise<Answer> {
  const text = await response.text();
  let value: unknown;
  try {
    value = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new Problem(response.status, 'unreadable', BROKEN);
  }
  if (response.ok) return value as Answer;
  const said = (value ?? {}) as { code?: string; detail?: string; field?: string };
  throw new Problem(response.status, said.code ?? 'unknown', said.detail ?? BROKEN, said.field);
}

async function call<Answer = unknown>(route: string, asked: Asked = {}): Promise<Answer> {
  return read<Answer>(await send(route, asked));
}

/** For what needs a session: a short one that ran out is renewed once. */
async function callSignedIn<Answer = unknown>(route: string, asked: Asked = {}): Promise<Answer> {
  const first = await send(route, asked);
  if (first.status !== 401) return read<Answer>(first);
  const renewed = await send(routes.refreshSession, {});
  const [useful, other] = renewed.ok ? [await send(route, asked), first] : [first, renewed];
  // An answer that nobody reads keeps its connection busy.
  await other.body?.cancel();
  return read<Answer>(useful);
}

export type Mission = { start: string; end: string; agents: number };

export type Question = Mission & { activity: string; place: string; sort: Sort; after?: string | undefined };

export const suggestPlaces = (q: string, signal: AbortSignal) =>
  call<{ places: Place[] }>(routes.suggestPlaces, { query: { q }, signal });

export const search = (question: Question, signal: AbortSignal) =>
  call<SearchAnswer>(routes.search, { query: question, signal });

export const readBooking = (booking: string) =>
  callSignedIn<Booking>(routes.readBooking, { path: { booking } });

export const openCheckout = (booking: string) =>
  callSignedIn<{ url: string }>(routes.openCheckout, { path: { booking } });

export const signIn = (email: string, password: string) =>
  call<SignedIn>(routes.signIn, { body: { email, password } });

export const signOut = () => callSignedIn(routes.signOut);

export const verifyEmail = (token: string) => call(routes.verifyEmail, { body: { token } });

export const activate = (token: string) =>
  call<{ email: string; attributed_password: string }>(routes.activate, { body: { token } });

export const changePassword = (current_password: string, new_password: string) =>
  callSignedIn(routes.changePassword, { body: { current_password, new_password } });

export const askPasswordReset = (email: string) => call(routes.askPasswordReset, { body: { email } });

export const resetPassword = (token: string, new_password: string) =>
  call(routes.resetPassword, { body: { token, new_password } });

export const resumeRegistration = (token: string) => call(routes.resumeRegistration, { body: { token } });
