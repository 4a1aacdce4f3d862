import type { Federation, OAuthClient } from '../../tenancy/oauth/ports.js';
import type { PageContext } from '../kit/context.js';
import { h, type Markup } from '../markup/markup.js';
import { Card } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { clientPath } from './client-path.js';

const FIELDS = [
  { name: 'issuer', label: 'Issuer' },
  { name: 'subject', label: 'Subject' },
  { name: 'audience', label: 'Audience' },
  { name: 'jwksUrl', label: 'Address of the issuer’s keys (JWKS)' },
] as const satisfies readonly { readonly name: keyof Federation; readonly label: string }[];

/** Tokens of the identity provider in the place of a secret. */
export function FederationCard({
  context,
  client,
  canChange,
}: {
  readonly context: PageContext;
  readonly client: OAuthClient;
  readonly canChange: boolean;
}): Markup {
  return (
    <Card title="Workload identity federation">
      {canChange ? (
        <PostForm
          action={clientPath(client, '/federation')}
          session={context.session}
          class="card-body stack"
        >
          <p class="quiet">
            The identity provider proves who it is by tokens that it signs itself, so that no secret has to be
            copied. Everything is compared exactly. Empty fields end that trust.
          </p>
          <div class="fields wide">
            {FIELDS.map(({ name, label }) => (
              <div class="field">
                <label for={name}>{label}</label>
                <input id={name} name={name} value={client.federation?.[name] ?? ''} autocomplete="off" />
              </div>
            ))}
          </div>
          <div>
            <button class="button plain" type="submit">
              Save the federation
            </button>
          </div>
        </PostForm>
      ) : (
        <dl class="pairs card-body">
          {FIELDS.map(({ name, label }) => [
            <dt>{label}</dt>,
            <dd>
              <code>{client.federation?.[name] ?? ''}</code>
            </dd>,
          ])}
        </dl>
      )}
    </Card>
  );
}
