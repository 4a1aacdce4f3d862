import { z } from 'zod';
import { ATTRIBUTE_NAMES, attributePath } from '../../domain/attribute-paths.js';
import { suggest } from '../suggest.js';
import { hasNoUnknownKey, listed, strict, text } from './strict.js';

const attribute = text
  .refine((value) => attributePath(value) !== null, {
    error: ({ input }) => unknownAttribute(String(input)),
  })
  .describe('An attribute of the person in the directory, such as department, title, costCenter or country.');

/** What names a person's group or attribute; exactly one of these per condition. */
const CONDITION_KINDS = ['group', 'groupId', 'groupExternalId', 'attribute', 'all', 'any', 'not'] as const;
const ATTRIBUTE_TESTS = ['equals', 'in', 'startsWith', 'contains', 'present'] as const;

export interface ConditionEntry {
  readonly group?: string | undefined;
  readonly groupId?: string | undefined;
  readonly groupExternalId?: string | undefined;
  readonly attribute?: string | undefined;
  readonly equals?: string | undefined;
  readonly in?: readonly string[] | undefined;
  readonly startsWith?: string | undefined;
  readonly contains?: string | undefined;
  readonly present?: true | undefined;
  readonly all?: readonly ConditionEntry[] | undefined;
  readonly any?: readonly ConditionEntry[] | undefined;
  readonly not?: ConditionEntry | undefined;
}

const nested: z.ZodType<ConditionEntry> = z.lazy(() => condition);

export const condition: z.ZodType<ConditionEntry> = strict({
  group: text
    .describe('Name of a group as the identity provider pushes it, without regard to case.')
    .optional(),
  groupId: text.describe('SCIM id of a group: survives renames.').optional(),
  groupExternalId: text.describe('The identity provider’s own id of a group: survives renames.').optional(),
  attribute: attribute.optional(),
  equals: text.describe('The attribute has exactly this value, without regard to case.').optional(),
  in: z.array(text).min(1, listed('value')).describe('The attribute has one of these values.').optional(),
  startsWith: text.describe('The attribute begins with this text.').optional(),
  contains: text.describe('The attribute holds this text.').optional(),
  present: z
    .literal(true, 'can only be true; use not: to ask for the opposite')
    .describe('The attribute has any value.')
    .optional(),
  all: z.array(nested).min(1, listed('condition')).describe('Every one of these conditions.').optional(),
  any: z.array(nested).min(1, listed('condition')).describe('At least one of these conditions.').optional(),
  not: nested.describe('Everybody who does not meet this condition.').optional(),
})
  .refine((value) => countOf(value, CONDITION_KINDS) === 1, {
    when: hasNoUnknownKey,
    error: `a condition names exactly one of ${CONDITION_KINDS.join(', ')}; use all: or any: to join several`,
  })
  .refine((value) => countOf(value, ATTRIBUTE_TESTS) === (value.attribute === undefined ? 0 : 1), {
    when: hasNoUnknownKey,
    error: `attribute goes together with exactly one of ${ATTRIBUTE_TESTS.join(', ')}, and those with attribute`,
  })
  .meta({ id: 'condition', description: 'Whom the rule concerns.' });

function countOf(value: object, keys: readonly string[]): number {
  return keys.filter((key) => Object.hasOwn(value, key)).length;
}

/** Why an attribute is refused, and what to write instead. */
export function unknownAttribute(name: string): string {
  const likely = suggest(name, ATTRIBUTE_NAMES);
  const remedy =
    likely === ''
      ? ` Write one of ${ATTRIBUTE_NAMES.join(', ')}, or an extension attribute by its full urn.`
      : likely;
  return `there is no attribute "${name}".${remedy}`;
}
