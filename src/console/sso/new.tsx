import { IDP_KINDS } from '../../sso/connection.js';
import { IDP_WORDS } from '../../sso/idp-words.js';
import type { PageContext } from '../kit/context.js';
import { formFields } from '../kit/form.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, PageHead } from '../parts/blocks.js';
import { IdpSourceFields } from '../parts/idp-source-fields.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';

/** A connection by hand; without metadata it is a draft that shows our side already. */
export function NewConnectionPage({ context }: { readonly context: PageContext }): Markup {
  const sent = formFields(context.request);
  return (
    <div>
      <PageHead
        title="Add a connection"
        lead="Nobody gets in before roles are mapped. Without metadata it is a draft that shows what to copy."
        crumbs={{ href: paths.connections(), label: 'SSO and SCIM' }}
      />
      <Card>
        <PostForm action={paths.sso('/new')} session={context.session} class="card-body stack">
          <div class="fields wide">
            <div class="field">
              <label for="name">Name</label>
              <input
                id="name"
                name="name"
                value={sent['name'] ?? ''}
                required
                maxlength="40"
                placeholder="okta"
                autocomplete="off"
                aria-describedby="name-hint"
              />
              <p class="hint" id="name-hint">
                Part of its addresses; it cannot be changed.
              </p>
            </div>
            <div class="field">
              <label for="idpKind">Identity provider</label>
              <select id="idpKind" name="idpKind">
                {IDP_KINDS.map((kind) => (
                  <option value={kind} selected={sent['idpKind'] === kind}>
                    {kind === 'generic' ? 'Another one' : IDP_WORDS[kind].name}
                  </option>
                ))}
              </select>
            </div>
          </div>
          <IdpSourceFields
            best="url"
            urlExample="https://idp.example.com/saml/metadata"
            sent={sent}
            known={null}
          />
          <div>
            <button class="button" type="submit">
              Add the connection
            </button>
          </div>
        </PostForm>
      </Card>
    </div>
  );
}
