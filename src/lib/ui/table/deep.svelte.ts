/** A page as the server gives it: the newest first; `next` leads to older rows (null: none), `previous` to newer ones. */
export type Page<T> = { rows: T[]; next: string | null; previous: string | null; more: boolean };
/** Where a page begins: after a row (`cursor`: older, `newer`: newer), or at a moment. */
export type Place = { cursor?: string; newer?: string; at?: number };

/** Pages that are held; what lies further away is dropped, and read again when somebody comes back. */
const MOST = 8;

/**
 * A window on rows without end, that are read a page at a time in both directions: never more than some pages are held.
 * `first` is the place of the first held row among all of them, from 0 (after a jump an estimate of the caller's).
 * `shift` is true while rows are added or taken at the start: who draws them must then keep the place of the others.
 */
export class Deep<T> {
	#pages: Page<T>[] = [];
	#read: (place: Place) => Promise<Page<T>>;
	/** the reads of a window that has been left are nobody's */
	#turn = 0;

	rows = $state.raw<T[]>([]);
	first = $state(0);
	shift = $state(false);
	loading = $state<'up' | 'down' | 'jump' | null>(null);
	/** what went wrong with the last read, in words */
	failed = $state('');
	/** whether the first held row is the newest there was */
	top = $state(true);
	end = $state(false);
	/** another number each time the rows are others altogether */
	began = $state(0);

	constructor(read: (place: Place) => Promise<Page<T>>, page: Page<T>, first = 0) {
		this.#read = read;
		this.reset(page, first);
	}

	/** Begins anew with one page. */
	reset(page: Page<T>, first = 0): void {
		this.#turn++;
		this.#pages = [page];
		this.first = first;
		this.top = !page.more;
		this.loading = null;
		this.failed = '';
		this.began = this.#turn;
		this.#show(false);
	}

	/** Goes to a moment (epoch seconds), `first` being the estimate of how many rows are newer. */
	async jump(at: number, first: number): Promise<void> {
		await this.#work('jump', { at }, (page) => this.reset(page, first));
	}

	/** Reads the older rows after the last. `settle` lets what is drawn follow before rows at the start are dropped. */
	async down(settle: () => Promise<unknown> = async () => {}): Promise<void> {
		const next = this.#pages.at(-1)?.next;
		if (!next || this.loading) return;
		await this.#work('down', { cursor: next }, async (page, turn) => {
			this.#pages.push(page);
			this.#show(false);
			if (this.#pages.length <= MOST) return;
			await settle();
			if (turn !== this.#turn) return;
			this.first += this.#pages.shift()!.rows.length;
			this.top = false;
			this.#show(true);
		});
	}

	/** Reads the newer rows before the first. */
	async up(settle: () => Promise<unknown> = async () => {}): Promise<void> {
		const previous = this.#pages[0]?.previous;
		if (this.top || !previous || this.loading) return;
		await this.#work('up', { newer: previous }, async (page, turn) => {
			this.top = !page.more;
			if (page.rows.length) this.#pages.unshift(page);
			this.first = this.top ? 0 : Math.max(0, this.first - page.rows.length);
			this.#show(true);
			if (this.#pages.length <= MOST) return;
			await settle();
			if (turn !== this.#turn) return;
			this.#pages.pop();
			this.#show(false);
		});
	}

	async #work(what: 'up' | 'down' | 'jump', place: Place, done: (page: Page<T>, turn: number) => unknown) {
		const turn = what === 'jump' ? ++this.#turn : this.#turn;
		this.loading = what;
		this.failed = '';
		try {
			const page = await this.#read(place);
			if (turn === this.#turn) await done(page, turn);
		} catch (e) {
			if (turn === this.#turn) this.failed = e instanceof Error ? e.message : 'The rows could not be read.';
		} finally {
			if (turn === this.#turn || what === 'jump') this.loading = null;
		}
	}

	#show(shift: boolean): void {
		this.shift = shift;
		this.rows = this.#pages.flatMap((page) => page.rows);
		this.end = (this.#pages.at(-1)?.next ?? null) === null;
	}
}
