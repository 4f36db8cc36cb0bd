import type { Scene } from '$lib/core/scene';
import type { Detail } from '$lib/core/campaign';
import type { Close } from '$lib/ui/map/district';

export type Part = { key: string; n: number };
export type AreaData = { from: number; to: number; classes: Part[]; others: Part[]; close: Close | null };
export type CampaignData = {
	campaign: Omit<Detail, 'history' | 'byConstituent' | 'shared'> & { values: number };
};

const EVERY = 60_000;

/** What a scene needs beyond the live picture: read when it is entered, and each minute while it is shown. */
export class Feed<T> {
	data = $state.raw<T | null>(null);
	/** why there is none, or no newer one */
	failed = $state<string | null>(null);

	/** Reads now and each minute; answers the function that ends it. */
	run(scene: Scene): () => void {
		const gone = new AbortController();
		const read = async () => {
			try {
				const answer = await fetch(`/wall/scene?kind=${scene.kind}&key=${encodeURIComponent(scene.key ?? '')}`, {
					signal: gone.signal
				});
				if (!answer.ok) throw new Error(answer.status === 404 ? 'It is not there any more.' : 'It could not be read.');
				this.data = (await answer.json()) as T;
				this.failed = null;
			} catch (e) {
				if (!gone.signal.aborted)
					this.failed = `${e instanceof Error ? e.message : 'It could not be read.'} Tried again within a minute.`;
			}
		};
		void read();
		const timer = setInterval(() => void read(), EVERY);
		return () => {
			gone.abort();
			clearInterval(timer);
		};
	}
}
