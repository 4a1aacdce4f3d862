import { z } from 'zod';

/** One input of a form that was derived from a schema. */
export interface FormField {
  /** Keys from the outside in. */
  readonly path: readonly string[];
  readonly kind: 'text' | 'number' | 'flag' | 'choice' | 'list';
  readonly label: string;
  readonly hint: string | null;
  readonly isRequired: boolean;
  /** Empty means null. */
  readonly isNullable: boolean;
  readonly fallback: unknown;
  readonly choices: readonly string[];
  /** What a choice is called; one that is missing is called by its value. */
  readonly choiceWords: Readonly<Record<string, string>>;
  readonly min: number | null;
  readonly max: number | null;
  readonly isWhole: boolean;
  /** A text of several lines. */
  readonly isLong: boolean;
  /** The object around it that is null when all of its fields are empty; null where there is none. */
  readonly absent: readonly string[] | null;
}

/** Words for fields whose schema has none, by name. */
export type FieldWords = Readonly<
  Record<
    string,
    {
      readonly label: string;
      readonly hint?: string;
      readonly choices?: Readonly<Record<string, string>>;
      readonly isLong?: boolean;
    }
  >
>;

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The inputs for a schema of plain values, lists of texts, and objects of these, one of several kinds included. */
export function describeFields(schema: z.ZodType, words: FieldWords = {}): readonly FormField[] {
  return collect(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, [], words);
}

function collect(
  schema: JsonSchema,
  path: readonly string[],
  words: FieldWords,
  absent: FormField['absent'] = null,
): readonly FormField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const own = [...path, key];
    const inner = objectIn(property);
    if (inner !== undefined) return collect({ ...inner, required: [] }, own, words, own);
    if (property.properties !== undefined) return collect(property, own, words, absent);
    return [{ ...toField(property, own, schema.required?.includes(key) === true, words), absent }];
  });
}

/** The object that stands there unless nothing does. Of several kinds: one with the fields of all of them. */
function objectIn({ anyOf = [] }: JsonSchema): JsonSchema | undefined {
  const variants = anyOf.flatMap((one) => one.oneOf ?? one.anyOf ?? [one]);
  const objects = variants.filter(({ properties }) => properties !== undefined);
  if (objects.length < 2) return objects[0];
  const properties: Record<string, JsonSchema> = {};
  for (const [key, property] of objects.flatMap((one) => Object.entries(one.properties ?? {}))) {
    const known = properties[key]?.enum ?? [];
    properties[key] = property.const === undefined ? property : { enum: [...known, property.const] };
  }
  return { properties };
}

function toField(
  schema: JsonSchema,
  path: readonly string[],
  isRequired: boolean,
  words: FieldWords,
): Omit<FormField, 'absent'> {
  const isNullable = schema.anyOf?.some(({ type }) => type === 'null') === true;
  const value = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
  const own = words[path.join('.')];
  return {
    path,
    kind: kindOf(value),
    label: own?.label ?? humanize(path.join(' ')),
    hint: own?.hint ?? schema.description ?? null,
    isRequired,
    isNullable,
    fallback: schema.default,
    choices: (value.enum ?? []).map(String),
    choiceWords: own?.choices ?? {},
    min: value.minimum ?? null,
    max: value.maximum === undefined || value.maximum >= Number.MAX_SAFE_INTEGER ? null : value.maximum,
    isWhole: value.type === 'integer',
    isLong: own?.isLong === true,
  };
}

function kindOf({ type, enum: choices }: JsonSchema): FormField['kind'] {
  if (choices !== undefined) return 'choice';
  if (type === 'boolean') return 'flag';
  if (type === 'array') return 'list';
  return type === 'integer' || type === 'number' ? 'number' : 'text';
}

/** `requestsPerMinute` to `Requests per minute`. */
function humanize(name: string): string {
  const spaced = name.replaceAll(
    /([a-z0-9])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** The name of a field's input; the prefix keeps the sets of one form apart. */
export function fieldName(prefix: string, { path }: FormField): string {
  return [prefix, ...path].join('.');
}

/** The value that a form sent, in the schema's shape; the schema itself judges it. */
export function readFields(
  fields: readonly FormField[],
  sent: Readonly<Record<string, string>>,
  prefix: string,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const field of fields) {
    const value = readField(field, sent[fieldName(prefix, field)]);
    if (value !== undefined) put(result, field.path, value);
  }
  for (const { absent } of fields) {
    if (absent !== null && valueAt(result, absent) === undefined) put(result, absent, null);
  }
  return result;
}

function readField(field: FormField, text: string | undefined): unknown {
  if (field.kind === 'flag') return text === 'yes';
  if (text === undefined) return undefined;
  const trimmed = text.trim();
  if (field.kind === 'list')
    return trimmed === ''
      ? []
      : trimmed
          .split(/\r?\n/)
          .map((line) => line.trim())
          .filter((line) => line !== '');
  if (trimmed === '') return field.isNullable ? null : undefined;
  if (field.kind === 'number')
    return /^-?\d+(?:[.,]\d+)?$/.test(trimmed) ? Number(trimmed.replace(',', '.')) : trimmed;
  return trimmed;
}

function put(into: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[key] = value;
    return;
  }
  const inner = (into[key] ?? {}) as Record<string, unknown>;
  into[key] = inner;
  put(inner, rest, value);
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}
