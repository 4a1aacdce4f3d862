import type { Mail } from '../../mail/ports.js';
import type { Report, ReportNeed } from '../model/report.js';
import { deadlineWords } from '../render/deadlines.js';
import { html } from '../render/html/html.js';
import { momentsIn, type Moments } from '../render/moments.js';
import { renderReport } from '../render/render.js';
import type { DueDelivery } from './ports.js';

const NEEDS_SHOWN = 15;

/** The e-mail: what needs somebody in its text, the whole report with its pictures as a file. */
export function mailOf({ id, destination, report }: DueDelivery): Mail {
  const { fileName, contentType, text } = renderReport(report, 'html');
  return {
    kind: 'report',
    recipients: destination.config.recipients ?? null,
    subject: `${report.organisation.name}: ${report.headline}`,
    text: mailText(report),
    html: mailHtml(report),
    attachments: [{ name: fileName, contentType, text }],
    dedupeKey: `report:${id}`,
  };
}

function needWhen(need: ReportNeed, report: Report, moments: Moments): string {
  const when = deadlineWords(need, report, moments);
  return when === null ? need.who : `${need.who}, ${when}`;
}

function mailText(report: Report): string {
  const moments = momentsIn(report.timeZone);
  const shown = report.needsYou.slice(0, NEEDS_SHOWN);
  const more = report.needsYou.length - shown.length;
  return [
    `${report.headline}.`,
    '',
    ...shown.flatMap((need) => [
      `* ${need.what}`,
      `  ${need.why}`,
      `  ${needWhen(need, report, moments)}`,
      ...(need.link === null ? [] : [`  ${need.link}`]),
      '',
    ]),
    ...(more > 0 ? [`and ${more} more in the report.`, ''] : []),
    'What happened:',
    ...report.whatHappened.map((sentence) => `- ${sentence}`),
    '',
    'The whole report, with trends and evidence, is attached: open it in a browser.',
    ...(report.console === null ? [] : [`Console: ${report.console}/reports`]),
    '',
  ].join('\n');
}

/** Mail programs drop style sheets and pictures: plain elements only. */
function mailHtml(report: Report): string {
  const moments = momentsIn(report.timeZone);
  const needs = report.needsYou.slice(0, NEEDS_SHOWN).map((need) => {
    const link = need.link !== null && /^https?:/i.test(need.link) ? need.link : null;
    const what = link === null ? html`<b>${need.what}</b>` : html`<a href="${link}"><b>${need.what}</b></a>`;
    return html`<li>${what}<br />${need.why}<br /><i>${needWhen(need, report, moments)}</i></li>`;
  });
  const more = report.needsYou.length - needs.length;
  const told = report.whatHappened.map((sentence) => html`<li>${sentence}</li>`);
  const body = html`<h2>${report.headline}</h2>
    ${
      needs.length === 0
        ? null
        : html`<ul>
            ${needs}
          </ul>`
    }
    ${more > 0 ? html`<p>and ${more} more in the report.</p>` : null}
    <h3>What happened</h3>
    <ul>
      ${told}
    </ul>
    <p>The whole report, with trends and evidence, is attached: open it in a browser.</p>`;
  return `<!doctype html><html lang="en"><body>${String(body)}</body></html>`;
}

/** The body of a webhook. */
export function webhookBody({ id, report }: DueDelivery): string {
  return JSON.stringify({ type: 'patchbay.report', id, timestamp: report.createdAt, data: report });
}

const SLACK_TEXT_MAX_CHARS = 2_900;

/** What Slack, Mattermost and Rocket.Chat take: a text for notifications, and blocks. */
export function slackBody({ report }: DueDelivery): string {
  const moments = momentsIn(report.timeZone);
  const heading = `*${mrkdwn(report.organisation.name)}: ${mrkdwn(report.headline)}*`;
  const needs = report.needsYou.slice(0, NEEDS_SHOWN).map((need) => {
    const title =
      need.link === null || !/^https?:/i.test(need.link)
        ? mrkdwn(need.what)
        : `<${linkTarget(need.link)}|${mrkdwn(need.what)}>`;
    return `• ${title}\n${mrkdwn(need.why)} _${mrkdwn(needWhen(need, report, moments))}_`;
  });
  const told = report.whatHappened.map((sentence) => `• ${mrkdwn(sentence)}`);
  const sections = [heading, ...needs, told.join('\n')];
  return JSON.stringify({
    text: `${report.organisation.name}: ${report.headline}`,
    blocks: sections
      .filter((text) => text !== '')
      .map((text) => ({
        type: 'section',
        text: { type: 'mrkdwn', text: clip(text) },
      })),
  });
}

/** Slack reads three characters as its own; a line of ours must stay one, and no name may call a whole channel. */
function mrkdwn(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll(/[*_~`]/g, (mark) => `\u200B${mark}\u200B`);
}

function linkTarget(link: string): string {
  return link.replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('|', '%7C');
}

function clip(text: string): string {
  const characters = [...text];
  return characters.length <= SLACK_TEXT_MAX_CHARS
    ? text
    : `${characters.slice(0, SLACK_TEXT_MAX_CHARS).join('')} …`;
}
