import { capabilityMatrix } from '../../providers/matrix.js';
import type { ProviderDefinition } from '../../providers/port.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, Cell, PageHead, Table, TableRow } from '../parts/blocks.js';
import { paths } from '../paths.js';

/** What each phone system can do, from what its provider declares. */
export function MatrixPage({ providers }: { readonly providers: readonly ProviderDefinition[] }): Markup {
  const names = providers.map(({ displayName }) => displayName);
  return (
    <div>
      <PageHead
        title="What each phone system can do"
        lead="With default settings; an account’s own settings may narrow or widen it."
        crumbs={{ href: paths.accounts(), label: 'Phone systems' }}
      />
      <Card>
        <div class="even">
          <Table label="Capabilities by phone system" head={['Capability', ...names]}>
            {capabilityMatrix(providers).map(({ capability, cells }) => (
              <TableRow>
                <Cell class="strong">{capability}</Cell>
                {cells.map((cell, index) => (
                  <Cell label={names[index]}>{cell}</Cell>
                ))}
              </TableRow>
            ))}
          </Table>
        </div>
      </Card>
    </div>
  );
}
