/** A migrated database to make others from. */
export interface DatabaseTemplate {
  readonly template: string;
  /** Whether the server lets the file system copy the files of a database: a third of the work. */
  readonly canClone: boolean;
}

/** Makes a database like the template; all of it in one session. */
export function cloneStatements(
  { template, canClone }: DatabaseTemplate,
  name: string,
  owner: string,
): readonly string[] {
  const create = `CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${owner}`;
  return canClone ? [`SET file_copy_method = 'clone'`, `${create} STRATEGY file_copy`] : [create];
}
