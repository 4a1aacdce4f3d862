import type { IdpDefinition, IdpKind } from '../../report/idp-port.js';
import type { IdpSource } from '../../report/missed-pushes/source.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead } from '../parts/blocks.js';
import { Choices } from '../parts/choices.js';
import { paths } from '../paths.js';
import { NEEDS } from './words.js';

export type Definitions = Readonly<Record<IdpKind, IdpDefinition>>;

interface ListShown {
  readonly context: PageContext;
  readonly sources: readonly IdpSource[];
  readonly definitions: Definitions;
}

/** Read-only connections to identity providers' own lists, by name. */
export function IdentityProvidersPage({ context, sources, definitions }: ListShown): Markup {
  return (
    <div>
      <PageHead
        title="Identity providers"
        lead="Their own lists, read only and compared with the directory here: what was never pushed is found."
        crumbs={{ href: paths.comparisons(), label: 'Comparisons' }}
      >
        {can(context, 'accounts:write') ? (
          <a class="button" href={paths.newIdentityProvider()}>
            Connect one
          </a>
        ) : null}
      </PageHead>
      <Card>
        {sources.length === 0 ? (
          <Empty title="None is connected">
            <p>
              Without its own list, a push that never came looks like nothing at all: somebody who was
              deactivated there stays active here.
            </p>
          </Empty>
        ) : (
          <ul class="rows">
            {sources.map((source) => (
              <SourceLine
                source={source}
                displayName={definitions[source.kind].displayName}
                now={context.now}
              />
            ))}
          </ul>
        )}
      </Card>
    </div>
  );
}

function SourceLine({
  source: { id, name, pausedReason, comparedAt },
  displayName,
  now,
}: {
  readonly source: IdpSource;
  readonly displayName: string;
  readonly now: Date;
}): Markup {
  return (
    <li>
      <div class="grow">
        <a class="cover" href={paths.identityProvider(id)}>
          {name}
        </a>
        <p class="quiet small">
          {displayName} ·{' '}
          {comparedAt === null ? (
            'not read yet'
          ) : (
            <span>
              read <Ago at={comparedAt} now={now} />
            </span>
          )}
        </p>
        {pausedReason === null ? null : <p class="small">{pausedReason}</p>}
      </div>
      <span class="end">
        {pausedReason === null ? <Badge tone="good">Connected</Badge> : <Badge tone="bad">Paused</Badge>}
      </span>
    </li>
  );
}

/** First step of connecting one: which kind. */
export function ChooseKindPage({ definitions }: { readonly definitions: Definitions }): Markup {
  return (
    <div>
      <PageHead {...NEW_HEAD} />
      <Choices
        choices={Object.values(definitions).map(({ kind, displayName }) => ({
          label: displayName,
          needs: NEEDS[kind],
          href: paths.newIdentityProvider(kind),
        }))}
      />
    </div>
  );
}

export const NEW_HEAD = {
  title: 'Connect an identity provider',
  lead: 'Read only. The credential is tried before anything is stored; the first comparison follows at once.',
  crumbs: { href: paths.identityProviders(), label: 'Identity providers' },
} as const;
