import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The measurements of one process, for Prometheus. Made by the composition root and handed on. */
export type Metrics = ReturnType<typeof open>;

export function open() {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry, prefix: 'watchfloor_' });
	const registers = [registry];
	return {
		registry,
		reports: new Counter({
			name: 'watchfloor_reports_total',
			help: 'Reports by what became of them',
			labelNames: ['result'],
			registers
		}),
		commits: new Histogram({
			name: 'watchfloor_commit_seconds',
			help: 'Time of one commit of reports',
			buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
			registers
		}),
		commitRows: new Histogram({
			name: 'watchfloor_commit_rows',
			help: 'Reports of one commit',
			buckets: [1, 10, 100, 1000, 2500, 5000, 10_000],
			registers
		}),
		queue: new Gauge({
			name: 'watchfloor_queue_bytes',
			help: 'Bytes of reports that wait for their commit',
			registers
		}),
		refused: new Counter({
			name: 'watchfloor_refused_total',
			help: 'Deliveries refused, by code',
			labelNames: ['code'],
			registers
		}),
		logSeq: new Gauge({ name: 'watchfloor_log_seq', help: 'Last number of the log that screens have', registers }),
		logLag: new Histogram({
			name: 'watchfloor_log_lag_seconds',
			help: 'Time from a log entry to its frame',
			buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
			registers
		}),
		sockets: new Gauge({ name: 'watchfloor_sockets', help: 'Live connections', registers }),
		audiences: new Gauge({
			name: 'watchfloor_audiences',
			help: 'Audiences: different clearances, scopes and subscriptions',
			registers
		}),
		frames: new Counter({ name: 'watchfloor_frames_total', help: 'Frames made, one an audience', registers }),
		delivered: new Counter({ name: 'watchfloor_frames_delivered_total', help: 'Frames handed to clients', registers }),
		skipped: new Counter({
			name: 'watchfloor_frames_skipped_total',
			help: 'Frames not handed to a client that could not keep up',
			registers
		}),
		snapshots: new Counter({
			name: 'watchfloor_snapshots_total',
			help: 'Answers to subscriptions, by mode',
			labelNames: ['mode'],
			registers
		}),
		judgements: new Histogram({
			name: 'watchfloor_judgement_seconds',
			help: 'Time of one judgement of all series',
			buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
			registers
		}),
		judgementsSkipped: new Counter({
			name: 'watchfloor_judgements_skipped_total',
			help: 'Minutes that were not judged because the ones before took too long',
			registers
		}),
		refits: new Histogram({
			name: 'watchfloor_refit_seconds',
			help: 'Time to learn what is usual anew, beside everything else',
			buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
			registers
		}),
		judgeLag: new Gauge({
			name: 'watchfloor_judge_lag_seconds',
			help: 'How far the judge is behind the log',
			registers
		}),
		judgeSeries: new Gauge({ name: 'watchfloor_judge_series', help: 'Series judged at a time', registers }),
		judgeLeads: new Gauge({ name: 'watchfloor_judge_leads', help: '1: this process judges for all', registers }),
		stepErrors: new Counter({
			name: 'watchfloor_judgement_step_errors_total',
			help: 'Errors of what is done after a judgement, by step',
			labelNames: ['step'],
			registers
		}),
		queries: new Counter({
			name: 'watchfloor_database_errors_total',
			help: 'Errors of the database, by code',
			labelNames: ['code'],
			registers
		}),
		requests: new Histogram({
			name: 'watchfloor_http_seconds',
			help: 'Time of HTTP requests',
			labelNames: ['route', 'status'],
			buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
			registers
		})
	};
}
