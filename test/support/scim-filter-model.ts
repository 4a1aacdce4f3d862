import fc from 'fast-check';

/**
 * An independent model of SCIM filters: a random filter that can be written as text and answered over plain JSON. It
 * shares no code with the product's parser, typing or SQL.
 */
export type Model =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Model[] }
  | { readonly kind: 'not'; readonly part: Model }
  | { readonly kind: 'pr'; readonly field: Field }
  | { readonly kind: 'compare'; readonly field: Field; readonly operator: string; readonly value: Scalar }
  | {
      readonly kind: 'valuePath';
      readonly list: ListField;
      readonly inner: Model;
      readonly tail: Model | null;
    };

export type Scalar = string | number | boolean | null;
export type Json = Readonly<Record<string, unknown>>;

/** One thing that a filter can name; `read` gives all its values in a resource (or in an element). */
export interface Field {
  readonly names: readonly string[];
  readonly type: 'string' | 'boolean' | 'number' | 'date';
  readonly exact: boolean;
  readonly multi: boolean;
  readonly read: (from: Json) => readonly unknown[];
  /** What `pr` asks for where it is more than the values: an address without value is still an address. */
  readonly whole?: (from: Json) => readonly unknown[];
}

export interface ListField {
  readonly name: string;
  readonly elements: (from: Json) => readonly Json[];
  readonly parts: readonly Field[];
}

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const TELEPHONY = 'urn:patchbay:params:scim:schemas:extension:telephony:2.0:User';

const asList = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

function dig(from: unknown, keys: readonly string[]): readonly unknown[] {
  let values: readonly unknown[] = [from];
  for (const key of keys) {
    values = values.flatMap((value) =>
      typeof value === 'object' && value !== null ? asList((value as Json)[key]) : [],
    );
  }
  return values;
}

function field(
  names: string | readonly string[],
  keys: readonly string[],
  options: Partial<Pick<Field, 'type' | 'exact' | 'multi'>> = {},
): Field {
  return {
    names: typeof names === 'string' ? [names] : names,
    type: 'string',
    exact: false,
    multi: false,
    read: (from) => dig(from, keys),
    ...options,
  };
}

const many = { multi: true } as const;

const USER_FIELDS: readonly Field[] = [
  field(['userName', `${CORE}:userName`], ['userName']),
  field('id', ['id'], { exact: true }),
  field('externalId', ['externalId'], { exact: true }),
  field('active', ['active'], { type: 'boolean' }),
  field(['name.givenName', `${CORE}:name.givenName`], ['name', 'givenName']),
  field('name.familyName', ['name', 'familyName']),
  field('title', ['title']),
  field('displayName', ['displayName']),
  field(['emails.value', `${CORE}:emails.value`], ['emails', 'value'], many),
  { ...field('emails', ['emails', 'value'], many), whole: (from) => asList(from['emails']) },
  field('emails.type', ['emails', 'type'], many),
  field('emails.primary', ['emails', 'primary'], { type: 'boolean', multi: true }),
  field('roles.value', ['roles', 'value'], many),
  field('x509Certificates.value', ['x509Certificates', 'value'], { multi: true, exact: true }),
  field([`${ENTERPRISE}:department`, 'department'], [ENTERPRISE, 'department']),
  field(
    [`${ENTERPRISE}:manager`, 'manager', `${ENTERPRISE}:manager.value`],
    [ENTERPRISE, 'manager', 'value'],
    {
      exact: true,
    },
  ),
  field(`${TELEPHONY}:wrapUpTimeSeconds`, [TELEPHONY, 'wrapUpTimeSeconds'], { type: 'number' }),
  field([`${TELEPHONY}:teams`, 'teams'], [TELEPHONY, 'teams'], many),
  field('meta.created', ['meta', 'created'], { type: 'date' }),
  field('meta.lastModified', ['meta', 'lastModified'], { type: 'date' }),
  field('meta.resourceType', ['meta', 'resourceType'], { exact: true }),
  field(['groups', 'groups.value'], ['groups', 'value'], many),
  field('groups.display', ['groups', 'display'], many),
  field('schemas', ['schemas'], { multi: true, exact: true }),
];

const GROUP_FIELDS: readonly Field[] = [
  field(['displayName', 'urn:ietf:params:scim:schemas:core:2.0:Group:displayName'], ['displayName']),
  field('id', ['id'], { exact: true }),
  field('externalId', ['externalId'], { exact: true }),
  field('meta.lastModified', ['meta', 'lastModified'], { type: 'date' }),
  field(['members', 'members.value'], ['members', 'value'], many),
  field('members.display', ['members', 'display'], many),
];

function listField(name: string, parts: readonly Field[]): ListField {
  return { name, parts, elements: (from) => asList(from[name]) as readonly Json[] };
}

const plural = [
  field('value', ['value']),
  field('type', ['type']),
  field('primary', ['primary'], { type: 'boolean' }),
];

const USER_LISTS: readonly ListField[] = [
  listField('emails', plural),
  listField('roles', plural),
  listField('groups', [field('value', ['value']), field('display', ['display'])]),
  {
    name: `${TELEPHONY}:teams`,
    elements: (from) => dig(from, [TELEPHONY, 'teams']).map((value) => ({ value })),
    parts: [field('value', ['value'])],
  },
];

const GROUP_LISTS: readonly ListField[] = [
  listField('members', [field('value', ['value']), field('display', ['display']), field('type', ['type'])]),
];

const CATALOGUE = {
  User: { fields: USER_FIELDS, lists: USER_LISTS },
  Group: { fields: GROUP_FIELDS, lists: GROUP_LISTS },
};

/** Random filters on a resource type; `texts` are what the resources hold, so that some filters match. */
export function arbitraryModel(type: 'User' | 'Group', texts: readonly string[]): fc.Arbitrary<Model> {
  const { fields, lists } = CATALOGUE[type];
  const leaf = leafOn(fields, texts);
  const valuePath = fc.constantFrom(...lists).chain((list) => valuePathOn(list, texts));
  return combined(fc.oneof({ weight: 4, arbitrary: leaf }, { weight: 1, arbitrary: valuePath }), 3);
}

/** Random value paths on one list of a resource type, such as `emails[type eq "work"]`. */
export function arbitraryValuePath(
  type: 'User' | 'Group',
  name: string,
  texts: readonly string[],
): fc.Arbitrary<ValuePath> {
  const list = CATALOGUE[type].lists.find((one) => one.name === name);
  if (list === undefined) throw new Error(`${type} has no list ${name}.`);
  return valuePathOn(list, texts);
}

function valuePathOn(list: ValuePath['list'], texts: readonly string[]): fc.Arbitrary<ValuePath> {
  return fc.record({
    kind: fc.constant('valuePath' as const),
    list: fc.constant(list),
    inner: combined(leafOn(list.parts, texts), 2),
    tail: fc.option(leafOn(list.parts, texts), { freq: 4 }),
  });
}

type ValuePath = Extract<Model, { readonly kind: 'valuePath' }>;

function combined(leaf: fc.Arbitrary<Model>, maxDepth: number): fc.Arbitrary<Model> {
  return fc.letrec<{ node: Model }>((tie) => ({
    node: fc.oneof(
      { maxDepth, withCrossShrink: true },
      { weight: 3, arbitrary: leaf },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constantFrom('and' as const, 'or' as const),
          parts: fc.array(tie('node'), { minLength: 2, maxLength: 3 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('not' as const), part: tie('node') }) },
    ),
  })).node;
}

function leafOn(fields: readonly Field[], texts: readonly string[]): fc.Arbitrary<Model> {
  return fc
    .constantFrom(...fields)
    .chain((chosen) =>
      fc.oneof(
        { weight: 1, arbitrary: fc.constant<Model>({ kind: 'pr', field: chosen }) },
        { weight: 7, arbitrary: comparisonOn(chosen, texts) },
      ),
    );
}

const ORDER = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;

function comparisonOn(chosen: Field, texts: readonly string[]): fc.Arbitrary<Model> {
  const operators = {
    string: [...ORDER, 'eq', 'co', 'sw', 'ew'],
    boolean: ['eq', 'ne'],
    number: [...ORDER],
    date: [...ORDER],
  }[chosen.type];
  const usable = chosen.names.some((name) => name.startsWith('x509'))
    ? ['eq', 'ne', 'co', 'sw', 'ew']
    : operators;
  const values: Readonly<Record<Field['type'], fc.Arbitrary<Scalar>>> = {
    string: textLike(texts),
    boolean: fc.boolean(),
    number: fc.oneof(fc.integer({ min: -1, max: 70 }), fc.double({ min: 0, max: 60, noNaN: true })),
    date: fc
      .date({
        min: new Date('2026-01-01T00:00:00Z'),
        max: new Date('2026-01-05T00:00:00Z'),
        noInvalidDate: true,
      })
      .map((date) => date.toISOString()),
  };
  const compare = fc.record({
    kind: fc.constant('compare' as const),
    field: fc.constant(chosen),
    operator: fc.constantFrom(...usable),
    value: values[chosen.type],
  });
  const withNull = fc.record({
    kind: fc.constant('compare' as const),
    field: fc.constant(chosen),
    operator: fc.constantFrom('eq', 'ne'),
    value: fc.constant(null),
  });
  return fc.oneof({ weight: 12, arbitrary: compare }, { weight: 1, arbitrary: withNull });
}

/** Whole texts, pieces of them and other spellings of them. */
function textLike(texts: readonly string[]): fc.Arbitrary<string> {
  const known = fc.constantFrom(...texts);
  return fc.oneof(
    known,
    known.map((text) => text.toUpperCase()),
    known.map((text) => text.normalize('NFD')),
    fc
      .tuple(known, fc.nat(6), fc.nat(6))
      .map(([text, from, length]) => text.slice(from, from + length).toWellFormed()),
    fc
      .string({ unit: 'grapheme', maxLength: 3 })
      .filter((text) => !text.includes('\0') && text.isWellFormed()),
  );
}

/** Ways of writing the same filter. */
export interface Writing {
  readonly pick: (count: number) => number;
}

export function write(model: Model, writing: Writing): string {
  const { pick } = writing;
  const cased = (word: string): string => [word, word.toUpperCase(), word.toLowerCase()][pick(3)] ?? word;
  const inParentheses = (part: Model): string => `(${write(part, writing)})`;
  switch (model.kind) {
    case 'and':
      return model.parts.map((part) => operandOfAnd(part, writing)).join(` ${cased('and')} `);
    case 'or':
      return model.parts
        .map((part) => (part.kind === 'or' || pick(4) === 0 ? inParentheses(part) : write(part, writing)))
        .join(` ${cased('or')} `);
    case 'not':
      return `${cased('not')}${pick(2) === 0 ? ' ' : ''}${inParentheses(model.part)}`;
    case 'pr':
      return `${cased(nameOf(model.field, pick))} ${cased('pr')}`;
    case 'compare':
      return `${cased(nameOf(model.field, pick))} ${cased(model.operator)} ${literal(model, pick)}`;
    case 'valuePath':
      return `${cased(model.list.name)}[${write(model.inner, writing)}]${model.tail === null ? '' : `.${write(model.tail, writing)}`}`;
  }
}

function operandOfAnd(part: Model, writing: Writing): string {
  const needed = part.kind === 'or' || part.kind === 'and';
  return needed || writing.pick(4) === 0 ? `(${write(part, writing)})` : write(part, writing);
}

function nameOf(chosen: Field, pick: Writing['pick']): string {
  return chosen.names[pick(chosen.names.length)] ?? chosen.names[0] ?? '';
}

function literal(model: Model & { kind: 'compare' }, pick: Writing['pick']): string {
  const { value } = model;
  if (value === null) return 'null';
  if (typeof value === 'boolean') return [String(value), `"${value ? 'True' : 'False'}"`][pick(2)] ?? '';
  if (typeof value === 'number') return JSON.stringify(value);
  const isBareWord = /^[A-Za-z0-9@._+-]+$/.test(value) && value !== 'null';
  if (isBareWord && pick(3) === 0) return value;
  return pick(3) === 0 ? escaped(value) : JSON.stringify(value);
}

function escaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}

/** The answer over JSON as a client sees it. */
export function answers(model: Model, resource: Json): boolean {
  switch (model.kind) {
    case 'and':
      return model.parts.every((part) => answers(part, resource));
    case 'or':
      return model.parts.some((part) => answers(part, resource));
    case 'not':
      return !answers(model.part, resource);
    case 'pr':
      return (model.field.whole ?? ((from) => present(model.field, from)))(resource).length > 0;
    case 'compare':
      return compares(model, resource);
    case 'valuePath':
      return model.list
        .elements(resource)
        .some(
          (element) => answers(model.inner, element) && (model.tail === null || answers(model.tail, element)),
        );
  }
}

function present(chosen: Field, resource: Json): readonly unknown[] {
  return chosen.read(resource).filter((value) => value !== undefined && value !== null && value !== '');
}

function compares(model: Model & { kind: 'compare' }, resource: Json): boolean {
  const values = present(model.field, resource);
  if (model.value === null) return (model.operator === 'ne') === values.length > 0;
  if (values.length === 0) return model.operator === 'ne';
  const wanted = comparable(model.field, model.value);
  return values.some((value) => holds(model.operator, comparable(model.field, value), wanted));
}

function comparable(chosen: Field, value: unknown): string | number | boolean {
  if (chosen.type === 'date') return Date.parse(String(value));
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  return chosen.exact ? String(value) : String(value).normalize('NFC').toLowerCase();
}

function holds(operator: string, left: string | number | boolean, right: string | number | boolean): boolean {
  const text = String(left);
  const order = typeof left === 'number' ? left - Number(right) : byCodePoint(text, String(right));
  switch (operator) {
    case 'eq':
      return left === right;
    case 'ne':
      return left !== right;
    case 'co':
      return text.includes(String(right));
    case 'sw':
      return text.startsWith(String(right));
    case 'ew':
      return text.endsWith(String(right));
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
    case 'lt':
      return order < 0;
    default:
      return order <= 0;
  }
}

function byCodePoint(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
