import type { Alarm } from '$lib/core/alarm';
import { name, type Judged } from '$lib/core/judgement';
import type { Posture } from '$lib/core/posture';
import { Picture, type Declared, type Snapshot } from '$lib/core/picture';
import type { Incident } from '$lib/core/incident';
import type { Source } from '$lib/core/source';
import { Tally, type TallyData } from '$lib/core/tally';
import { Window } from '$lib/core/window';

/** What the server draws a first page from: the sums of the picture at `seq`, narrowed to the viewer. */
export type View = {
	seq: number;
	at: number;
	tally: TallyData;
	incidents: Incident[];
	sources: Source[];
	level: Declared | null;
	posture: Posture | null;
	alarms: Alarm[];
	usual: Judged[];
	judged: number;
};

/** Keeps no cells: a screen draws sums, and an hour of cells at 500 reports a second is tens of megabytes of keys. */
class Unkept extends Window<string> {
	override add(): boolean {
		return false;
	}
}

/** The picture as a browser holds it: the same fold, begun from a server-rendered view, without the single cells. */
export class Screen extends Picture {
	override window: Window<string> = new Unkept(0);

	/** Begins at a view; the frames after `view.seq` join it as they would join a snapshot. */
	begin(view: View): void {
		this.seq = view.seq;
		this.at = view.at;
		this.tally = Tally.of(view.tally);
		this.incidents.clear();
		for (const i of view.incidents) this.incidents.set(i.id, i);
		this.sources.clear();
		for (const s of view.sources) this.sources.set(s.slug, s);
		this.level = view.level;
		this.posture = view.posture;
		this.alarms.clear();
		for (const a of view.alarms) this.alarms.set(a.id, a);
		this.usual.clear();
		for (const row of view.usual) this.usual.set(name(row), row);
		this.judged = view.judged;
	}

	override reset(s: Snapshot): void {
		super.reset(s);
		this.window = new Unkept(s.at);
	}
}
