import { setTimeout as sleep } from 'node:timers/promises';

import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';

import type { SandboxClock } from './clock.js';
import type { FaultScript, FiredFault } from './faults.js';
import type { FaultRule } from './fault-rules.js';
import { spoil as spoilNumbered, type Spoil } from './page-defects.js';
import { Refusal, type ApiRoute, type Reply } from './reply.js';
import type { RequestLog } from './request-log.js';
import { cut, hold, send } from './send.js';
import type { StateFile } from './state-file.js';

/** Verdict of the vendor's edge: null lets the request in. */
export type Admission = (req: Request) => { readonly reply: Reply; readonly isRateLimited: boolean } | null;

export interface ExchangeDeps {
  readonly clock: SandboxClock;
  readonly log: RequestLog;
  readonly stateFile: StateFile;
  readonly faults: FaultScript;
  readonly admit: Admission;
  /** Headers that every admitted answer carries. */
  readonly ordinaryHeaders: () => Readonly<Record<string, string>>;
  /** The vendor's own body and headers for a status of a scripted error. */
  readonly faultReply: (status: number) => Reply;
  /** Carries out a `moving-total` fault; answers its effects. */
  readonly disturb: (rule: Extract<FaultRule, { kind: 'moving-total' }>) => readonly string[];
  /** How a `bad-page` looks at this vendor; numbered pages with `meta` when absent. */
  readonly spoil?: Spoil;
  readonly baseUrl: () => string;
  readonly stopSignal: () => AbortSignal;
}

interface Circumstances {
  readonly fault?: FiredFault | null;
  readonly isRateLimited?: boolean;
  /** What the log says; 0 for an answer that was never sent. */
  readonly status?: number;
}

export interface Exchange {
  /** The middleware chain of one route: admission, body, fault, handler, save, log, send. */
  handlers(route: ApiRoute): RequestHandler[];
  /** Logs and sends an answer that no route made, such as an unknown path. */
  finish(req: Request, res: Response, reply: Reply): Promise<void>;
}

export function makeExchange(deps: ExchangeDeps): Exchange {
  const { clock, log, stateFile, faults, spoil = spoilNumbered } = deps;

  async function record(req: Request, reply: Reply, seen: Circumstances): Promise<void> {
    const effects = reply.effects ?? [];
    const entry = log.add({
      at: clock.now(),
      method: req.method,
      path: req.path,
      query: queryText(req),
      status: seen.status ?? reply.status,
      effects,
      fault: seen.fault ? { rule: seen.fault.name, kind: seen.fault.rule.kind } : null,
      isRateLimited: seen.isRateLimited ?? false,
    });
    if (effects.length > 0) await stateFile.settle();
    else if (faults.isArmed()) stateFile.changed();
    log.persist(entry);
  }

  async function finish(req: Request, res: Response, reply: Reply, seen: Circumstances = {}): Promise<void> {
    await record(req, reply, seen);
    send(res, reply);
  }

  function perform(route: ApiRoute, req: Request): Reply {
    const query = new URLSearchParams(queryText(req));
    const body: unknown = req.body;
    const reply = outcome(() => route.handle({ path: req.path, params: singleParams(req), query, body }));
    return route.isOpen ? reply : { ...reply, headers: { ...deps.ordinaryHeaders(), ...reply.headers } };
  }

  async function runFault(route: ApiRoute, req: Request, res: Response, fault: FiredFault): Promise<void> {
    const { rule } = fault;
    if (rule.delayMs !== undefined) await sleep(rule.delayMs, undefined, { signal: deps.stopSignal() });
    switch (rule.kind) {
      case 'error': {
        const effects = rule.applies ? perform(route, req).effects : undefined;
        const standard = deps.faultReply(rule.status);
        const body = rule.body === undefined ? {} : { body: rule.body };
        const headers = { ...standard.headers, ...rule.headers };
        return finish(req, res, { ...standard, ...body, headers, effects: effects ?? [] }, { fault });
      }
      case 'timeout':
      case 'reset':
      case 'lost-response': {
        const isApplied = rule.kind === 'lost-response' || rule.applies;
        await record(req, isApplied ? perform(route, req) : { status: 0 }, { fault, status: 0 });
        return rule.kind === 'timeout' ? hold(res) : cut(res);
      }
      case 'bad-page': {
        const links = { own: deps.baseUrl() + req.originalUrl, foreign: rule.link };
        return finish(req, res, spoil(perform(route, req), rule.defect, links), { fault });
      }
      case 'delay':
        return finish(req, res, perform(route, req), { fault });
      case 'moving-total': {
        const reply = perform(route, req);
        const effects = [...(reply.effects ?? []), ...deps.disturb(rule)];
        return finish(req, res, { ...reply, effects }, { fault });
      }
    }
  }

  async function run(route: ApiRoute, req: Request, res: Response): Promise<void> {
    const fault = faults.pick({ method: req.method, path: req.path });
    if (fault === null) return finish(req, res, perform(route, req));
    return runFault(route, req, res, fault);
  }

  async function enter(req: Request, res: Response, next: NextFunction): Promise<void> {
    const refused = deps.admit(req);
    if (refused === null) return next();
    await finish(req, res, refused.reply, { isRateLimited: refused.isRateLimited });
  }

  const parseBody = express.json({ limit: '1mb' });
  return {
    finish,
    handlers(route) {
      const last: RequestHandler = (req, res) => run(route, req, res);
      return route.isOpen ? [last] : [enter, parseBody, last];
    },
  };
}

function outcome(handle: () => Reply): Reply {
  try {
    return handle();
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

function queryText(req: Request): string {
  const start = req.originalUrl.indexOf('?');
  return start === -1 ? '' : req.originalUrl.slice(start + 1);
}

function singleParams(req: Request): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(req.params)) {
    if (typeof value === 'string') params[name] = value;
  }
  return params;
}
