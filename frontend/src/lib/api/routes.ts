// The types of every call, from the API's own description. A path or a body that the API does not
// have does not compile.

import type { paths } from './schema';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** The paths that take a method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<Lowercase<M>, { responses: unknown }> ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends PathOf<M>> =
  paths[P] extends Record<Lowercase<M>, infer Found> ? Found : never;

/** What a call answers when it is done. */
export type Answer<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { responses: { '2XX': { content: { 'application/json': infer Body } } } }
    ? Body
    : undefined;

type Part<Op, Place extends string> = Op extends { parameters: Record<Place, infer Given> }
  ? Given extends Record<string, unknown>
    ? Given
    : never
  : never;

type PathPart<Op> = [Part<Op, 'path'>] extends [never] ? { path?: never } : { path: Part<Op, 'path'> };
type QueryPart<Op> = Op extends { parameters: { query?: infer Query } }
  ? [Exclude<Query, undefined>] extends [never]
    ? { query?: never }
    : undefined extends Query
      ? { query?: Query }
      : { query: Query }
  : { query?: never };
type BodyPart<Op> = Op extends { requestBody: { content: { 'application/json': infer Body } } }
  ? { body: Body }
  : { body?: never };

/** What a call takes. */
export type Asked<M extends Method, P extends PathOf<M>> = PathPart<Operation<M, P>> &
  QueryPart<Operation<M, P>> &
  BodyPart<Operation<M, P>> & {
    signal?: AbortSignal;
    /** Asked again with the same key, a command is done once and answered the same. */
    once?: string;
  };
