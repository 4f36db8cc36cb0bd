import { setTimeout as sleep } from 'node:timers/promises';
import type { Special } from '$lib/core/calendar';
import { DAY, floor, MINUTE } from '$lib/core/clock';
import type { Log } from '../ops/log';
import type { Metrics } from '../ops/metrics';
import * as calendar from '../store/calendar';
import type { Client, Sql } from '../store/client';
import type { Facets } from '../store/facet';
import * as judgement from '../store/judgement';
import type { Reference } from '../store/reference';
import * as usual from '../store/usual';
import { Follower, Overtaken, Unnamed, type Followed } from './follow';
import { know, ready, RECENT } from './history';
import type { Judge } from './judge';
import { Lead } from './lead';
import type { Step } from './step';

/** Milliseconds between looks at the log; of those who do not lead, at the lock. */
const LOOK = 1000;
const WAIT = 5000;
/** Seconds after a minute has turned when it is judged: what was observed in it is mostly there then. */
const SETTLE = 2;
/** Seconds without anything late after which it is worth while to learn from what came late. */
const QUIET = 20;
/** For so long at the most (seconds) it is put off. */
const PATIENCE = 600;
/** It is learned anew at the most for this part of the time. */
const SHARE = 1 / 20;
/** The part of the counts that must have come late to be learned from before the day is over. */
const WORTH = 0.01;
/** Milliseconds of learning between which others get their turn. */
const SLICE = 10;

export type Settings = { /** seconds of the past that is learned from */ keep: number; exercise: boolean };
export type Gauges = Pick<
	Metrics,
	'judgements' | 'judgementsSkipped' | 'refits' | 'judgeLag' | 'judgeSeries' | 'judgeLeads' | 'stepErrors'
>;
/** What it works with. */
export type Work = {
	client: Client;
	facets: Facets;
	reference: Reference;
	settings: Settings;
	log: Log;
	metrics: Gauges;
};

/** What the leader holds in memory. */
type Held = {
	judge: Judge;
	follower: Follower;
	calendar: Special[];
	/** the calendar has changed and has not been read since */
	outdated: boolean;
	/** counts that the judge has learned from, and those of long ago that have come since it did */
	counts: number;
	late: number;
	lateAt: number;
	/** when it was last learned, and how long that took; since when there is reason to do it again (seconds) */
	fitted: number;
	took: number;
	wanted: number | undefined;
};

/**
 * Judges what comes in: one process of a database leads, follows the log, keeps what is learned from, judges each minute
 * and then takes the steps that stand on the judgement, one after another. All that must outlive it is in the database:
 * whoever leads next goes on at the mark.
 */
export class Engine {
	readonly #sql: Sql;
	readonly #lead: Lead;
	#held: Held | undefined;
	#judged = 0;
	#fitting: Promise<void> | undefined;
	#running: Promise<void> | undefined;
	readonly #stop = new AbortController();

	/** @param clock epoch seconds */
	constructor(
		readonly work: Work,
		readonly steps: Step[],
		readonly clock: () => number = () => Date.now() / 1000
	) {
		this.#sql = work.client.open(2, 60);
		this.#lead = new Lead(work.client);
	}

	start(): void {
		this.#running ??= this.#run();
	}

	/** Whether this process leads, as of the last turn. */
	get leads(): boolean {
		return this.#held !== undefined;
	}

	/** Ends what is under way and gives the lead away. */
	async close(): Promise<void> {
		this.#stop.abort();
		await this.#running;
		await this.#fitting;
		await this.#sql.end({ timeout: 5 });
		await this.#lead.close();
	}

	/**
	 * One turn: takes the lead if it is free, follows the log to its end or until a minute has to be judged, and judges
	 * it. Answers whether this process leads.
	 */
	async turn(): Promise<boolean> {
		const { metrics, log } = this.work;
		const leads = await this.#lead.take();
		metrics.judgeLeads.set(leads ? 1 : 0);
		if (!leads) {
			this.#held = undefined;
			this.#judged = 0;
			return false;
		}
		try {
			const held = (this.#held ??= await this.#begin());
			await this.#follow(held);
			const minute = floor(this.clock() - SETTLE, MINUTE);
			const turned = minute > this.#judged && !this.#stop.signal.aborted;
			if (turned) await this.#judge(held, minute);
			if (turned || held.wanted !== undefined) this.#learn(held);
		} catch (e) {
			if (e instanceof Overtaken || e instanceof Unnamed) this.#held = undefined;
			if (e instanceof Unnamed) {
				await usual.unmark(this.#sql);
				log.warn(`${e.message}; the past is counted anew`);
			} else throw e;
		}
		return true;
	}

	async #run(): Promise<void> {
		const { signal } = this.#stop;
		let failing = false;
		while (!signal.aborted) {
			const began = performance.now();
			const leads = await this.turn().then(
				(leads) => {
					failing = false;
					return leads;
				},
				(e: unknown) => {
					// A database that is away is said once.
					if (!signal.aborted && !failing)
						this.work.log.warn({ err: e }, 'what comes in could not be judged; it is tried again until it can');
					failing = true;
					return false;
				}
			);
			const rest = (leads ? LOOK : WAIT) - (performance.now() - began);
			await sleep(Math.max(10, rest), undefined, { signal }).catch(() => {});
		}
	}

	async #begin(): Promise<Held> {
		const { facets, log, settings } = this.work;
		const sql = this.#sql;
		const now = this.clock();
		const began = performance.now();
		await facets.refresh();
		const mark = await ready(sql, now, settings.keep, log);
		// What has been written since somebody last led is added first: it may be much, and none of it was judged when it came.
		const behind = new Follower(sql, facets, mark.seq, Infinity);
		for (let more = true; more && !this.#stop.signal.aborted;) ({ more } = await behind.step());
		const days = await calendar.all(sql, now);
		const known = await know(sql, facets, days, now);
		const held: Held = {
			judge: known.judge,
			follower: new Follower(sql, facets, behind.seq, known.seq),
			calendar: days,
			outdated: false,
			counts: known.counts,
			late: 0,
			lateAt: 0,
			fitted: now,
			took: 0,
			wanted: undefined
		};
		await this.#fit(held);
		log.info(
			{ counts: known.counts, seq: known.seq, ms: Math.round(performance.now() - began), fit: held.took },
			'leads: knows what is usual, and judges from now on'
		);
		return held;
	}

	async #follow(held: Held): Promise<void> {
		const { follower } = held;
		for (let more = true; more && !this.#stop.signal.aborted;) {
			const began = performance.now();
			const followed = await follower.step();
			await this.#tell(held, followed);
			({ more } = followed);
			this.work.metrics.judgeLag.set(more ? Math.max(0, this.clock() - follower.at) : 0);
			if (floor(this.clock() - SETTLE, MINUTE) > this.#judged) return;
			// What is delivered in bulk needs the database more than this does.
			if (more) await sleep(performance.now() - began);
		}
	}

	/** Tells the judge what the log brought. */
	async #tell(held: Held, { entries, counts }: Followed): Promise<void> {
		const { judge } = held;
		const now = this.clock();
		const recent = floor(now - RECENT, MINUTE);
		for (const [at, facet, n, source] of counts) {
			judge.learn(source, at, facet, n);
			if (at >= recent) judge.count(source, at, facet, n);
			else held.late++;
		}
		if (counts.some((c) => c[0] < recent)) held.lateAt = now;
		// The entry comes once: what could not be read is read before the next minute is judged.
		held.outdated ||= entries.some((e) => e.kind === 'calendar');
		if (held.outdated) await this.#mind(held);
	}

	/** Reads the calendar anew. */
	async #mind(held: Held): Promise<void> {
		held.calendar = held.judge.calendar = await calendar.all(this.#sql, this.clock());
		held.outdated = false;
		held.late = Infinity;
	}

	async #judge(held: Held, minute: number): Promise<void> {
		if (held.outdated) await this.#mind(held);
		const { client, facets, reference, settings, log, metrics } = this.work;
		const { judge, follower, calendar } = held;
		if (this.#judged) metrics.judgementsSkipped.inc((minute - this.#judged) / MINUTE - 1);
		this.#judged = minute;
		const began = performance.now();
		const judged = judge.judge(minute);
		metrics.judgements.observe((performance.now() - began) / 1000);
		metrics.judgeSeries.set(judged.at(-1)!.filter((r) => r[0] === 'now').length);
		await judgement.replace(this.#sql, minute, follower.seq, judged);
		const { exercise } = settings;
		for (const step of this.steps) {
			if (this.#stop.signal.aborted) return;
			try {
				await step.run({ client, log, facets, reference, now: minute, judge, judged, calendar, exercise });
			} catch (e) {
				metrics.stepErrors.inc({ step: step.name });
				log.error({ err: e, step: step.name }, 'a step after the judgement failed; it is tried again in a minute');
			}
		}
	}

	/** Learns anew, beside everything else, when there is reason to. */
	#learn(held: Held): void {
		const now = this.clock();
		if (this.#fitting || now - held.fitted < held.took / SHARE) return;
		if (held.late > WORTH * held.counts || held.judge.due(now)) held.wanted ??= now;
		if (held.wanted === undefined) return;
		const quiet = now - held.lateAt >= QUIET;
		if (!quiet && now - held.wanted < PATIENCE && now - held.fitted < DAY) return;
		this.#fitting = this.#fit(held)
			.catch((e: unknown) => this.work.log.error({ err: e }, 'could not learn what is usual; it is tried again'))
			.finally(() => (this.#fitting = undefined));
	}

	async #fit(held: Held): Promise<void> {
		const began = performance.now();
		held.counts += held.late === Infinity ? 0 : held.late;
		held.late = 0;
		held.wanted = undefined;
		held.fitted = this.clock();
		await held.judge.refit(held.fitted, SLICE);
		held.took = (performance.now() - began) / 1000;
		this.work.metrics.refits.observe(held.took);
	}
}
