/**
 * What each route takes and answers with, read off the host's OpenAPI document: a call of a route that is not there, or with
 * something else than it takes, does not compile. Types only.
 */
import type { paths } from "./generated/openapi.ts";

type Prefix = "/api/v1";
export type Method = "get" | "post" | "put" | "patch" | "delete";

/** The routes of a method, without the prefix. */
export type Route<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends object ? (P extends `${Prefix}${infer R}` ? R : never) : never;
}[keyof paths];

type Operation<M extends Method, R extends Route<M>> = `${Prefix}${R}` extends infer P extends keyof paths
  ? paths[P][M]
  : never;

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

/** What a route takes. A null in the query is the same as nothing. */
export type Input<M extends Method, R extends Route<M>> = InPath<Operation<M, R>> &
  InQuery<Operation<M, R>> &
  InBody<Operation<M, R>> &
  InBytes<Operation<M, R>>;

type Content<T> = T extends { content: { "application/json": infer C } } ? C : void;

/** What a route answers when all is well; nothing for 204. */
export type Answer<M extends Method, R extends Route<M>> =
  Operation<M, R> extends { responses: infer A } ? Content<A[keyof A & (200 | 201 | 202 | 204)]> : never;
