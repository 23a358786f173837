/**
 * Which conversations: the language of views and of the filter of their list. The document spells out which field goes with which
 * comparison and value; here it is as simple as code needs it that takes conditions apart and puts them together.
 */
export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | ConditionTest;

/** What is asked of one field. Nothing is true of a field that is absent but `is_not`, `not_in`, `has_not` and what `exists` tells. */
export type ConditionTest = { field: string; op: ConditionOp; value: ConditionValue };

export type ConditionOp =
  | "is"
  | "is_not"
  | "in"
  | "not_in"
  | "has"
  | "has_not"
  | "contains"
  | "starts_with"
  | "at_least"
  | "at_most"
  | "from"
  | "before"
  | "within"
  | "older_than"
  | "exists";

export type ConditionValue = string | number | boolean | string[];
