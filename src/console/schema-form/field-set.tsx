import { h, type Markup } from '../markup/markup.js';
import { fieldName, valueAt, type FormField } from './fields.js';

/** Inputs for the fields of a schema, filled with `values` or the schema's defaults. */
export function FieldSet({
  fields,
  values,
  prefix,
  isSecret = false,
}: {
  readonly fields: readonly FormField[];
  readonly values: unknown;
  /** Keeps names and ids apart where a page has several sets. */
  readonly prefix: string;
  /** Typed unseen, never filled in. */
  readonly isSecret?: boolean;
}): Markup {
  return (
    <div class="fields wide">
      {fields.map((field) => (
        <Field
          field={field}
          value={valueAt(values, field.path) ?? field.fallback}
          id={fieldName(prefix, field).replaceAll('.', '-')}
          name={fieldName(prefix, field)}
          isSecret={isSecret}
        />
      ))}
    </div>
  );
}

interface FieldProperties {
  readonly field: FormField;
  readonly value: unknown;
  readonly name: string;
  readonly id: string;
  readonly isSecret: boolean;
}

function Field({ field, value, name, id, isSecret }: FieldProperties): Markup {
  const hintId = field.hint === null ? undefined : `${id}-hint`;
  if (field.kind === 'flag')
    return <Flag field={field} value={value} name={name} id={id} isSecret={isSecret} />;
  return (
    <div class="field">
      <label for={id}>{isSecret && field.hint !== null ? field.hint : field.label}</label>
      <Input field={field} value={value} name={name} id={id} isSecret={isSecret} hintId={hintId} />
      {hintId === undefined || isSecret ? null : (
        <p class="hint" id={hintId}>
          {field.hint}
        </p>
      )}
    </div>
  );
}

function Flag({ field, value, name, id }: FieldProperties): Markup {
  return (
    <label class="choice" for={id}>
      <input type="checkbox" id={id} name={name} value="yes" checked={value === true} />
      <span>
        <span class="strong">{field.label}</span>
        {field.hint === null ? null : <span class="quiet small block">{field.hint}</span>}
      </span>
    </label>
  );
}

function Input({
  field,
  value,
  name,
  id,
  isSecret,
  hintId,
}: FieldProperties & { readonly hintId: string | undefined }): Markup {
  const shared = {
    id,
    name,
    required: field.isRequired,
    'aria-describedby': isSecret ? undefined : hintId,
  };
  if (field.isLong) {
    return (
      <textarea {...shared} rows="5" class="mono" spellcheck="false">
        {isSecret ? '' : `\n${textOf(value)}`}
      </textarea>
    );
  }
  if (isSecret) return <input {...shared} type="password" autocomplete="off" />;
  switch (field.kind) {
    case 'choice':
      return (
        <select {...shared}>
          {isOptional(field) ? <option value="">—</option> : null}
          {field.choices.map((choice) => (
            <option value={choice} selected={choice === value}>
              {field.choiceWords[choice] ?? choice}
            </option>
          ))}
        </select>
      );
    case 'list':
      return (
        <textarea {...shared} rows="3">
          {Array.isArray(value) ? value.map(String).join('\n') : ''}
        </textarea>
      );
    case 'number':
      return (
        <input
          {...shared}
          inputmode={field.isWhole ? 'numeric' : 'decimal'}
          value={textOf(value)}
          autocomplete="off"
        />
      );
    default:
      return <input {...shared} value={textOf(value)} autocomplete="off" />;
  }
}

/** Whether a choice may be left open; else the schema's own default is the first choice. */
function isOptional({ isRequired, isNullable, fallback }: FormField): boolean {
  return isNullable || (!isRequired && fallback === undefined);
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
