import { Router, urlencoded, type Request, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { Logger } from 'pino';
import { AppError, isAppError, type ErrorKind } from '../../domain/errors.js';
import { SETUP_STEPS, type SetupStep } from '../../sso/setup-ports.js';
import type { SetupLinks } from '../../sso/setup-links.js';
import type { SetupJourney } from '../../sso/setup/journey.js';
import { firstOpen, isReachable, nextStep } from '../../sso/setup/state.js';
import { assertOwnForm, assertSameOrigin, formFields } from '../kit/form.js';
import { renderNotice } from '../layout/notice.js';
import { renderDocument } from '../layout/document.js';
import { h, type Markup } from '../markup/markup.js';
import { idpName } from './words.js';
import { renderImpact } from './impact-view.js';
import { renderSetupPage } from './layout.js';
import { setupPaths } from './paths.js';
import type { ReadImpact, SetupAuth } from './ports.js';
import { StartPage } from './start.js';
import type { StepContext } from './step.js';
import { ArrivalView } from './steps/first-request.js';
import { STEP_PAGES } from './steps/steps.js';

export interface SetupPagesDeps {
  readonly auth: SetupAuth;
  readonly journey: SetupJourney;
  readonly setupLinks: Pick<SetupLinks, 'peek' | 'open'>;
  readonly findTenantName: (tenantId: string) => Promise<string>;
  readonly readImpact: ReadImpact;
  readonly scimBaseUrl: string;
  /** HTTP status of an error kind, as the rest of the server answers. */
  readonly statusOf: (kind: ErrorKind) => number;
  readonly now: () => Date;
  readonly log: Logger;
}

/** A hundred groups with three fields each, or a metadata file, percent-encoded. */
const BODY = { extended: false, limit: '2mb', parameterLimit: 500 } as const;
const OPENINGS_PER_MINUTE = 20;

/** Pages for whoever holds a setup link. Mount at SETUP_PATH. */
export function makeSetupRouter(deps: SetupPagesDeps): Router {
  const router = Router();
  router.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  router.use(deps.auth.load);
  const guarded = (work: Handler) => (request: Request, response: Response) =>
    guard(deps, request, response, work);
  router.get('/', guarded(resume));
  router.get('/steps/:step', guarded(showStep));
  router.post('/steps/:step', urlencoded(BODY), guarded(submitStep));
  router.get('/arrival', guarded(showArrival));
  router.get('/impact', guarded(showImpact));
  router.get('/:token', guarded(showLink));
  router.post('/:token', slowDown(), guarded(openLink));
  return router;
}

type Handler = (deps: SetupPagesDeps, request: Request, response: Response) => Promise<void>;

function slowDown() {
  return rateLimit({
    windowMs: 60_000,
    limit: OPENINGS_PER_MINUTE,
    standardHeaders: true,
    legacyHeaders: false,
    handler: (_request, response) => {
      sendNotice(response, 429, 'Too many attempts', 'Wait a minute and try again.');
    },
  });
}

/** What a use case refuses stands on a page of its own; what fails is the shell's. */
async function guard(deps: SetupPagesDeps, request: Request, response: Response, work: Handler) {
  try {
    await work(deps, request, response);
  } catch (error) {
    if (!isAppError(error) || error.kind === 'bug') throw error;
    const title = error.kind === 'unauthenticated' ? 'Open your setup link' : 'That did not work';
    sendNotice(response, deps.statusOf(error.kind), title, error.message);
  }
}

function sendNotice(response: Response, status: number, title: string, text: string): void {
  response
    .status(status)
    .type('html')
    .send(renderNotice({ title, paragraphs: text.split('\n') }));
}

const showLink: Handler = async (deps, request, response) => {
  const token = String(request.params['token']);
  const link = await deps.setupLinks.peek(token);
  const shown = {
    link,
    token,
    tenantName: await deps.findTenantName(link.tenantId),
    signedInAs: deps.auth.signedInAs(response),
    now: deps.now(),
  };
  sendBare(response, 'Set-up', <StartPage {...shown} />);
};

const openLink: Handler = async (deps, request, response) => {
  assertSameOrigin(request);
  const { session } = await deps.setupLinks.open(
    String(request.params['token']),
    deps.auth.previous(request),
  );
  deps.auth.begin(response, session.token);
  response.redirect(303, setupPaths.home());
};

const resume: Handler = async (deps, request, response) => {
  const { state } = await contextOf(deps, request, response);
  response.redirect(303, setupPaths.step(firstOpen(state.link.progress)));
};

const showStep: Handler = async (deps, request, response) => {
  const context = await contextOf(deps, request, response);
  const step = stepOf(request);
  if (!isReachable(context.state.link.progress, step)) {
    response.redirect(303, setupPaths.step(firstOpen(context.state.link.progress)));
    return;
  }
  sendStep(response, 200, step, context, await STEP_PAGES[step].show(context), null);
};

const submitStep: Handler = async (deps, request, response) => {
  const context = await contextOf(deps, request, response);
  const step = stepOf(request);
  assertOwnForm(request, { csrf: context.csrf });
  if (!isReachable(context.state.link.progress, step)) {
    throw new AppError(
      'conflict',
      'The steps before this one are not done yet. Open the link again to go on.',
    );
  }
  try {
    await answer(deps, response, step, context);
  } catch (error) {
    if (!isAppError(error) || error.kind === 'bug') throw error;
    const body = await STEP_PAGES[step].show(context);
    sendStep(response, deps.statusOf(error.kind), step, context, body, error.message);
  }
};

async function answer(
  deps: SetupPagesDeps,
  response: Response,
  step: SetupStep,
  context: StepContext,
): Promise<void> {
  const outcome = await STEP_PAGES[step].submit(context);
  if (outcome.type === 'next') {
    response.redirect(303, setupPaths.step(nextStep(outcome.state.link.progress, step)));
  } else if (outcome.type === 'again') {
    response.redirect(303, setupPaths.step(step, outcome.query));
  } else if (outcome.type === 'page') {
    sendStep(response, 200, step, { ...context, state: outcome.state }, outcome.body, null);
  } else {
    deps.auth.clear(response);
    sendBare(response, outcome.title, outcome.body);
  }
}

const showArrival: Handler = async (deps, request, response) => {
  const { journey, state, now } = await contextOf(deps, request, response);
  const arrival = await journey.arrival(state);
  send(response, 200, String(<ArrivalView arrival={arrival} name={idpName(state)} now={now} />));
};

const showImpact: Handler = async (deps, request, response) => {
  const context = await contextOf(deps, request, response);
  const view = await renderImpact(deps.journey, deps.readImpact, context.state);
  if (request.get('hx-request') === 'true') send(response, 200, String(view));
  else sendStep(response, 200, 'impact', context, view, null);
};

async function contextOf(deps: SetupPagesDeps, request: Request, response: Response): Promise<StepContext> {
  const session = deps.auth.session(response);
  if (session === null) {
    throw new AppError(
      'unauthenticated',
      'No set-up is open in this browser, or it was open for more than five hours. Open your setup link once more; every step so far is saved.',
    );
  }
  return {
    journey: deps.journey,
    state: await deps.journey.read(session.tenantId, session.setupLinkId),
    csrf: session.csrf,
    now: deps.now(),
    scimBaseUrl: deps.scimBaseUrl,
    fields: formFields(request),
    query: queryOf(request),
  };
}

function queryOf(request: Request): Readonly<Record<string, string>> {
  const texts = Object.entries(request.query).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(texts) as Readonly<Record<string, string>>;
}

function stepOf(request: Request): SetupStep {
  const step = SETUP_STEPS.find((known) => known === request.params['step']);
  if (step !== undefined) return step;
  throw new AppError('notFound', 'There is no such step. Open your setup link again.');
}

function sendStep(
  response: Response,
  status: number,
  step: SetupStep,
  { state, now }: StepContext,
  body: Markup,
  problem: string | null,
): void {
  const title = STEP_PAGES[step].title(state);
  send(response, status, renderSetupPage({ state, step, title, body, problem, now }));
}

function sendBare(response: Response, title: string, body: Markup): void {
  const bare = { session: null, waiting: null, path: '', flash: null, problem: null, signOutPath: '' };
  send(response, 200, renderDocument({ title, body, ...bare }));
}

function send(response: Response, status: number, html: string): void {
  response.status(status).type('html').send(html);
}
