import fc from 'fast-check';

/** What CI tries is the same each time: a chance find belongs to whoever runs the tests by hand, where seeds are random. */
export const CI_SEED = 20261128;

if (process.env['CI'] !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: CI_SEED });
