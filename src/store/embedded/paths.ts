import { join } from 'node:path';

/** Where one cluster lives: `<DATA_DIR>/postgres` with the database files, the passwords, the port and the log. */
export interface ClusterPaths {
  readonly home: string;
  readonly data: string;
  readonly credentials: string;
  readonly port: string;
  readonly log: string;
}

export function clusterPaths(home: string): ClusterPaths {
  return {
    home,
    data: join(home, 'data'),
    credentials: join(home, 'credentials.json'),
    port: join(home, 'port'),
    log: join(home, 'postgres.log'),
  };
}
