import { randomBytes } from 'node:crypto';
import type { Worker } from '../ops/process.ts';
import { stepOf } from '../ops/trace.ts';
import { describeAlert, judge, type Alert, type Rule } from './alerts.ts';
import { boardOf } from './board.ts';
import { rules } from './rules.ts';
import { createSender } from './sender.ts';
import { tuned } from './tuning.ts';

/** Nobody's request is behind an alert: what it makes others do is a trace of its own (W3C Trace Context). */
const beginTrace = () => stepOf(randomBytes(16).toString('hex'), '01');

/**
 * Judges rules every so many milliseconds. What begins to fire, and what is over, is said once: in the log, and to
 * the receiver of the webhook.
 */
export const watchRules =
  (watched: readonly Rule[], everyMs = 5_000): Worker =>
  (context, watch) => {
    const { log } = context;
    const board = boardOf(watch);
    const sender = createSender(context);
    let alerts: readonly Alert[] = watched.map((rule) => ({ rule, firing: false }));
    board.alerts = alerts;

    const turned = (alert: Alert) => {
      const { traceId, traceparent } = beginTrace();
      const details = describeAlert(alert);
      const line = { traceId, ...details };
      if (!alert.firing) log.info(line, 'alert is over');
      else if (alert.rule.severity === 'critical') log.error(line, 'alert');
      else log.warn(line, 'alert');
      sender.send(alert.firing ? 'alert.firing' : 'alert.resolved', details, traceparent);
    };

    const look = async () => {
      const reading = await board.read();
      board.remember(reading);
      const before = alerts;
      alerts = before.map((alert) => judge(alert, reading));
      board.alerts = alerts;
      alerts.filter(({ firing }, i) => firing !== before[i]?.firing).forEach(turned);
    };

    let looking = Promise.resolve();
    const timer = setInterval(() => {
      looking = looking.then(look).catch((err: unknown) => {
        log.error({ err }, 'the rules of the alerts could not be judged');
      });
    }, everyMs);

    return async () => {
      clearInterval(timer);
      await looking;
      await sender.stop();
    };
  };

/** The rules of rules.ts, as the configuration wants them. */
export const alerts: Worker = (context, watch) =>
  watchRules(tuned(rules, context.config.variables.ALERT_RULES))(context, watch);
