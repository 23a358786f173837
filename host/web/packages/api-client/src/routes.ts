/**
 * What each route takes and answers with, read off the host's OpenAPI document: a call of a route that is not there, or with
 * something else than it takes, does not compile. Types only.
 */
import type { paths } from "./generated/openapi.ts";

type Prefix = "/api/v1";
export type Method = "get" | "post" | "put" | "patch" | "delete";

type InPath<O> = O extends { parameters: { path: infer T } } ? { path: T } : { path?: never };
type InQuery<O> = O extends { parameters: { query?: infer T } } ? { query?: { [K in keyof T]: T[K] | null } } : never;
/** A body that must be there, one that may be left out, or none. */
type InBody<O> = O extends { requestBody?: never }
  ? { body?: never }
  : O extends { requestBody: { content: { "application/json": infer T } } }
    ? { body: T }
    : O extends { requestBody?: { content: { "application/json": infer T } } }
      ? { body?: T }
      : { body?: never };
type InBytes<O> = O extends { requestBody: { content: { "application/wasm": string } } } ? { bytes: Blob } : { bytes?: never };

type Content<T> = T extends { content: { "application/json": infer C } } ? C : void;

interface Call<O> {
  /** What it takes. A null in the query is the same as nothing. */
  input: InPath<O> & InQuery<O> & InBody<O> & InBytes<O>;
  /** What it answers when all is well; nothing for 204. */
  answer: O extends { responses: infer A } ? Content<A[keyof A & (200 | 201 | 202 | 204)]> : never;
}

/**
 * Every call, by its method and its route without the prefix. It is a table to look up in: types that are worked out anew for
 * each use, from a method and a route that are not known yet, took the compiler ten times as long.
 */
type Calls = {
  [M in Method]: {
    [P in keyof paths as paths[P][M] extends object ? (P extends `${Prefix}${infer R}` ? R : never) : never]: Call<
      paths[P][M]
    >;
  };
};

export type Route<M extends Method> = keyof Calls[M];
export type Input<M extends Method, R extends Route<M>> = Calls[M][R] extends { input: infer T } ? T : never;
export type Answer<M extends Method, R extends Route<M>> = Calls[M][R] extends { answer: infer T } ? T : never;
