/** Tables of the SCIM directory. */
// eslint-disable-next-line typescript/no-empty-object-type
export interface DirectoryTables {}
