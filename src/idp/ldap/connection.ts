import { connect as connectPlain, isIP } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { Client, InvalidCredentialsError, ResultCodeError } from 'ldapts';
import { AppError } from '../../domain/errors.js';
import { AddressRefusedError, type CheckedAddress } from '../../lib/address-resolver.js';
import type { IdpDeps } from '../../report/idp-port.js';
import type { LdapConfig, LdapSecrets } from './settings.js';

const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 60_000;

/** A bound connection to the address that was checked, whatever the name means a moment later. */
export async function openConnection(
  config: LdapConfig,
  { password }: LdapSecrets,
  { resolve }: Pick<IdpDeps, 'resolve'>,
): Promise<Client> {
  const url = new URL(config.url);
  return asAppErrors(config.name, async () => {
    const target = await resolve(url.hostname);
    assertEncrypted(config, url, target);
    const tls = tlsOptions(config, url.hostname);
    const client = new Client({
      url: config.url,
      connectTimeout: CONNECT_TIMEOUT_MS,
      timeout: ANSWER_TIMEOUT_MS,
      createConnection: ((port: number) => connectPlain(port, target.address)) as typeof connectPlain,
      createSecureConnection: ((portOrOptions: number | ConnectionOptions) =>
        typeof portOrOptions === 'number'
          ? connectTls({ ...tls, port: portOrOptions, host: target.address })
          : connectTls(portOrOptions)) as typeof connectTls,
    });
    if (url.protocol === 'ldap:' && config.startTls) await client.startTLS(tls);
    await client.bind(config.bindDn, password);
    return client;
  });
}

/** A password never travels in the clear, except within this machine. */
function assertEncrypted(config: LdapConfig, url: URL, { isLoopback }: CheckedAddress): void {
  if (url.protocol === 'ldaps:' || config.startTls || isLoopback) return;
  throw new AppError(
    'invalid',
    `The connection to ${config.name} would not be encrypted, and the password would be readable on its way. Use ldaps:// or switch StartTLS on.`,
  );
}

function tlsOptions({ ca }: LdapConfig, hostname: string): ConnectionOptions {
  return {
    ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
    ...(ca === null ? {} : { ca }),
  };
}

/** What the library throws, as this product says it. */
export async function asAppErrors<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translate(name, error);
  }
}

function translate(name: string, error: unknown): unknown {
  if (error instanceof AppError) return error;
  const options = { cause: error };
  if (error instanceof AddressRefusedError) {
    return new AppError('invalid', `${name} cannot be reached. ${error.message}`, options);
  }
  if (error instanceof InvalidCredentialsError) {
    return new AppError(
      'credential',
      `${name} refused the reader’s name or password. Enter valid ones; until then pushes that were missed go unseen.`,
      options,
    );
  }
  if (error instanceof ResultCodeError) {
    return new AppError(
      'contract',
      `${name} refused to list everything (${error.name.replace(/Error$/u, '')}). Nothing was concluded from what it did list. Check the bases, the filters and what the reader may read.`,
      options,
    );
  }
  return new AppError(
    'unavailable',
    `${name} did not answer. It is tried again at the next comparison.`,
    options,
  );
}
